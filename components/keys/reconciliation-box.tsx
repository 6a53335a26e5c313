import { CircleAlert, CircleCheck, CircleHelp } from "lucide-react";
import { useTranslations } from "next-intl";
import { useFormat } from "@/i18n/use-format";
import type { Comparison } from "@/lib/reconciliation/schema";
import { ReconciliationPeriods } from "./reconciliation-periods";

/** Our sums beside OpenRouter's own counters, of all time and of the running periods, and why they differ if they do. */
export function ReconciliationBox({ of: comparison }: { of: Comparison }) {
  const t = useTranslations("dashboard.reconciliation");
  const format = useFormat();
  const { drift, is_off: isOff, theirs, ours, before, periods, reasons, data_as_of: at } = comparison;
  if (drift === null && periods.every((period) => period.drift === null)) {
    return (
      <p className="flex items-center gap-2 text-sm text-muted">
        <CircleHelp aria-hidden="true" className="size-5 shrink-0" />
        {t("none")}
      </p>
    );
  }
  const Mark = isOff ? CircleAlert : CircleCheck;
  const figures: [string, string][] = [
    [t("theirs"), format.money(theirs)],
    [t("ours"), format.money(ours)],
    ...(before > 0 ? [[t("before"), format.money(before)] as [string, string]] : []),
    [t("drift"), format.money(drift)],
  ];
  return (
    <div className="space-y-3 text-sm">
      <p className="flex items-center gap-2 font-medium">
        <Mark aria-hidden="true" className={`size-5 shrink-0 ${isOff ? "text-warning" : "text-success"}`} />
        {t(isOff ? "off" : "agree")}
      </p>
      <dl className="space-y-1">
        {figures.map(([name, value]) => (
          <div key={name} className="flex justify-between gap-3">
            <dt className="text-muted">{name}</dt>
            <dd className="figures">{value}</dd>
          </div>
        ))}
      </dl>
      {periods.length > 0 && <ReconciliationPeriods periods={periods} />}
      {reasons.length > 0 && (
        <ul className="list-disc space-y-1 pl-4 text-muted">
          {reasons.map((reason) => (
            <li key={reason}>{t(`reason.${reason}`)}</li>
          ))}
        </ul>
      )}
      {at && <p className="text-muted">{t("asOf", { when: format.dateTime(at) })}</p>}
    </div>
  );
}
