import { CircleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { useFormat } from "@/i18n/use-format";
import type { PeriodComparison } from "@/lib/reconciliation/schema";

/** OpenRouter's counters of the running UTC day, week and month, and what our sums differ from them by. It stands in narrow cards, too. */
export function ReconciliationPeriods({ periods }: { periods: PeriodComparison[] }) {
  const t = useTranslations("dashboard.reconciliation");
  const format = useFormat();
  return (
    <section aria-label={t("periods")}>
      <dl className="space-y-1.5 border-t border-line pt-3">
        {periods.map(({ period, start_date: start, theirs, drift, is_off: isOff }) => (
          <div key={period} className="flex flex-wrap justify-between gap-x-4">
            <dt className="text-muted">{t(`period.${period}`, { start: format.dayShort(start) })}</dt>
            <dd className="figures ml-auto text-right">
              {format.money(theirs)}
              <span className={`ml-2 text-xs ${isOff ? "font-medium text-warning" : "text-muted"}`}>
                {isOff && <CircleAlert aria-label={t("isOff")} className="mr-1 inline size-3.5 align-text-bottom" />}
                {t("difference", { amount: format.money(drift) })}
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
