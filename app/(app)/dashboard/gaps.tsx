import { useTranslations } from "next-intl";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { useFormat } from "@/i18n/use-format";
import type { Gap } from "@/lib/reconciliation/schema";

const MOST_NAMED = 5;

/** Above the figures of a dashboard: which keys they may lack something of, and how much. Nothing when all is well. */
export function Gaps({ gaps }: { gaps: Gap[] }) {
  const t = useTranslations("dashboard.gaps");
  const format = useFormat();
  if (gaps.length === 0) return null;
  const sentenceOf = ({ reason, period, start_date: start, drift }: Gap): string =>
    reason === "off"
      ? t("off", {
          amount: format.money(drift && Math.abs(drift)),
          direction: (drift ?? 0) > 0 ? "more" : "less",
          period: period ?? "all_time",
          start: start === null ? "" : format.dayShort(start),
        })
      : t(reason);
  return (
    <div className="mb-6">
      <Notice kind="warning" title={t("title")} dismissible={false}>
        <ul className="space-y-1">
          {gaps.slice(0, MOST_NAMED).map((gap) => (
            <li key={gap.api_key_id} className="wrap-anywhere">
              <Link href={`/keys/${gap.api_key_id}`} className="font-medium underline underline-offset-2">
                {gap.api_key_name}
              </Link>
              {": "}
              {sentenceOf(gap)}
            </li>
          ))}
          {gaps.length > MOST_NAMED && (
            <li>
              <Link href="/keys" className="underline underline-offset-2">
                {t("more", { count: gaps.length - MOST_NAMED })}
              </Link>
            </li>
          )}
        </ul>
      </Notice>
    </div>
  );
}
