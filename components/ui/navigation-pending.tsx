"use client";
import { useTranslations } from "next-intl";

/**
 * Says that an answer is on its way: to those who listen, and by `data-pending` to the style sheet, which shows it on
 * the page.
 */
export function NavigationPending({ to }: { to: "page" | "view" }) {
  const t = useTranslations("common");
  return (
    <span role="status" data-pending={to} className="sr-only">
      {t("loading")}
    </span>
  );
}
