import { KeyRound, SearchX } from "lucide-react";
import { useTranslations } from "next-intl";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";

/** In the place of the table: what to do when there is no key yet, or none that was asked for. */
export function NoKeys({ hasKeys }: { hasKeys: boolean }) {
  const t = useTranslations("keys");
  if (!hasKeys)
    return (
      <EmptyState icon={<KeyRound aria-hidden="true" className="size-6" />} title={t("empty.title")}>
        {t("empty.text")}
      </EmptyState>
    );
  return (
    <EmptyState icon={<SearchX aria-hidden="true" className="size-6" />} title={t("noMatch.title")}>
      <Link href="/keys" className="text-accent underline underline-offset-2">
        {t("noMatch.clear")}
      </Link>
    </EmptyState>
  );
}
