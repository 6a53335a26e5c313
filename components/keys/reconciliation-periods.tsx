import { CircleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { useFormat } from "@/i18n/use-format";
import type { PeriodComparison } from "@/lib/reconciliation/schema";

/** OpenRouter's counters of the running UTC day, week and month, and what our sums differ from them by. A card beside others has room for no more. */
export function ReconciliationPeriods({ periods }: { periods: PeriodComparison[] }) {
  const t = useTranslations("dashboard.reconciliation");
  const format = useFormat();
  return (
    <Table
      label={t("periods")}
      head={
        <>
          <Th>{t("period.head")}</Th>
          <Th numeric>{t("theirsShort")}</Th>
          <Th numeric>{t("drift")}</Th>
        </>
      }
    >
      {periods.map(({ period, start_date: start, theirs, drift, is_off: isOff }) => (
        <Tr key={period}>
          <Th scope="row" className="font-normal">
            {t(`period.${period}`, { start: format.dayShort(start) })}
          </Th>
          <Td numeric>{format.money(theirs)}</Td>
          <Td numeric className={isOff ? "font-medium text-warning" : undefined}>
            {isOff && <CircleAlert aria-label={t("isOff")} className="mr-1 inline size-4 align-text-bottom" />}
            {format.money(drift)}
          </Td>
        </Tr>
      ))}
    </Table>
  );
}
