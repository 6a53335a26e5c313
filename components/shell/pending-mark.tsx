"use client";
import { useLinkStatus } from "next/link";
import { useTranslations } from "next-intl";

/** Inside a link: there while its answer is on its way. The style sheet shows that on the whole page, where nothing moves. */
export function PendingMark({ of = "part" }: { of?: "page" | "part" }) {
  const t = useTranslations("common");
  const { pending } = useLinkStatus();
  return pending ? (
    <span data-pending={of} className="sr-only">
      {t("loading")}
    </span>
  ) : null;
}
