"use client";
import { CloudAlert } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { startTransition } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

type FailureProps = { error: Error & { digest?: string }; retry: () => void };

/** What a page says when it could not be made; the digest finds the line in the server's log. */
export function Failure({ error, retry }: FailureProps) {
  const t = useTranslations("common.failure");
  const router = useRouter();
  // What failed on the server is asked for again; resetting alone would show the same answer.
  const again = () =>
    startTransition(() => {
      router.refresh();
      retry();
    });
  return (
    <EmptyState
      icon={<CloudAlert aria-hidden="true" className="size-6" />}
      title={<h1>{t("title")}</h1>}
      actions={<Button onClick={again}>{t("retry")}</Button>}
    >
      <p>{t("text")}</p>
      {error.digest && <p className="mt-2 font-mono text-xs">{t("reference", { digest: error.digest })}</p>}
    </EmptyState>
  );
}
