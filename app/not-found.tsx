import { SearchX } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

export default async function NotFound() {
  const t = await getTranslations("common.notFound");
  return (
    <main className="grid min-h-[70dvh] place-items-center">
      <EmptyState
        icon={<SearchX aria-hidden="true" className="size-6" />}
        title={<h1>{t("title")}</h1>}
        actions={<ButtonLink href="/dashboard">{t("action")}</ButtonLink>}
      >
        {t("text")}
      </EmptyState>
    </main>
  );
}
