"use client";
import { CloudAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

type FailureProps = { error: Error & { digest?: string }; retry: () => void };

/** What a page says when it could not be made; the digest finds the line in the server's log. */
export function Failure({ error, retry }: FailureProps) {
  const t = useTranslations("common.failure");
  return (
    <EmptyState
      icon={<CloudAlert aria-hidden="true" className="size-6" />}
      title={<h1>{t("title")}</h1>}
      actions={<Button onClick={retry}>{t("retry")}</Button>}
    >
      <p>{t("text")}</p>
      {error.digest && <p className="mt-2 font-mono text-xs">{t("reference", { digest: error.digest })}</p>}
    </EmptyState>
  );
}
