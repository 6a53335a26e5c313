import { ShieldX } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

/** What a person sees in place of a page that their role does not show. The profile is everybody's. */
export default async function Forbidden() {
  const t = await getTranslations("common.forbidden");
  return (
    <main className="grid min-h-[70dvh] place-items-center">
      <EmptyState
        icon={<ShieldX aria-hidden="true" className="size-6" />}
        title={<h1>{t("title")}</h1>}
        actions={<ButtonLink href="/profile">{t("action")}</ButtonLink>}
      >
        {t("text")}
      </EmptyState>
    </main>
  );
}
