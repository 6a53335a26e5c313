import { KeyRound, SearchX } from "lucide-react";
import { useTranslations } from "next-intl";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

/** In the place of the table: what to do when nothing was ever read, or nothing that was asked for. */
export function NoUsage({ isRead }: { isRead: boolean }) {
  const t = useTranslations("stats.none");
  if (isRead)
    return (
      <EmptyState icon={<SearchX aria-hidden="true" className="size-6" />} title={t("title")}>
        {t("text")}
      </EmptyState>
    );
  return (
    <EmptyState
      icon={<KeyRound aria-hidden="true" className="size-6" />}
      title={t("unread")}
      actions={<ButtonLink href="/keys">{t("keys")}</ButtonLink>}
    >
      {t("unreadText")}
    </EmptyState>
  );
}
