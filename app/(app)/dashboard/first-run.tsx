import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";

const STEPS = ["one", "two", "three"] as const;

/** The way from an empty page to the first figure. */
export function FirstRun() {
  const t = useTranslations("dashboard.first");
  return (
    <Card title={t("title")} note={t("text")} className="max-w-2xl">
      <ol className="space-y-3 text-sm">
        {STEPS.map((step, index) => (
          <li key={step} className="flex gap-3">
            <span
              aria-hidden="true"
              className="grid size-6 shrink-0 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-accent"
            >
              {index + 1}
            </span>
            <span className="pt-0.5">{t(step)}</span>
          </li>
        ))}
      </ol>
      <ButtonLink href="/keys" className="mt-5" icon={<Plus aria-hidden="true" className="size-4" />}>
        {t("action")}
      </ButtonLink>
    </Card>
  );
}
