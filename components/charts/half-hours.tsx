import { useTranslations } from "next-intl";

/** Says where days are not exact: usage is counted by UTC hours, one of which holds midnight in some timezones. */
export function HalfHours({ of: { whole_hours, timezone } }: { of: { whole_hours: boolean; timezone: string } }) {
  const t = useTranslations("common.chart");
  return whole_hours ? null : <p className="mb-6 text-sm text-muted">{t("halfHours", { timezone })}</p>;
}
