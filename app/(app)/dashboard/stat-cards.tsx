import { useTranslations } from "next-intl";
import { changeOf, StatCard } from "@/components/charts/stat-card";
import { useFormat } from "@/i18n/use-format";
import type { Summary } from "@/lib/usage/present/summary";
import type { Outlook } from "@/lib/usage/read/read-outlook";

type StatCardsProps = {
  days: number;
  now: Summary;
  /** Of the equally long period before. */
  before: Summary;
  outlook: Outlook;
  keys: { active: number; total: number };
};

/** The figures that one looks for first, each against the period before. */
export function StatCards({ days, now: summary, before, outlook, keys }: StatCardsProps) {
  const t = useTranslations("dashboard.card");
  const format = useFormat();
  const change = (now: number | null, then: number | null, text: (value: number | null) => string) => {
    const percent = changeOf(now, then);
    if (percent === null) return undefined;
    const direction = Math.abs(percent) < 0.05 ? 0 : percent > 0 ? 1 : -1;
    const title = t("before", { value: text(then), days });
    return { text: format.change(percent), direction, title } as const;
  };
  const { forecast, credits } = outlook;
  return (
    <dl className="mb-6 grid grid-cols-2 gap-3 sm:gap-4 md:grid-cols-3 xl:grid-cols-6">
      <StatCard
        className="max-md:col-span-2 xl:col-span-2"
        label={t("cost")}
        value={format.money(summary.total_cost)}
        change={change(summary.total_cost, before.total_cost, format.money)}
      />
      <StatCard
        className="xl:col-span-2"
        label={t("requests")}
        value={format.count(summary.total_requests)}
        change={change(summary.total_requests, before.total_requests, format.count)}
      />
      <StatCard
        className="xl:col-span-2"
        label={t("tokens")}
        value={format.short(summary.total_tokens)}
        change={change(summary.total_tokens, before.total_tokens, format.short)}
        note={
          summary.total_tokens !== null &&
          t("inOut", {
            input: format.short(summary.total_tokens_input),
            output: format.short(summary.total_tokens_output),
          })
        }
      />
      <StatCard
        label={t("perRequest")}
        value={format.money(summary.avg_cost_per_request)}
        change={change(summary.avg_cost_per_request, before.avg_cost_per_request, format.money)}
      />
      <StatCard
        label={t("perDay")}
        value={format.money(summary.avg_cost_per_day)}
        change={change(summary.avg_cost_per_day, before.avg_cost_per_day, format.money)}
      />
      <StatCard
        label={t("requestsPerDay")}
        value={format.average(summary.avg_requests_per_day)}
        change={change(summary.avg_requests_per_day, before.avg_requests_per_day, format.average)}
      />
      <StatCard
        label={t("forecast")}
        value={format.money(forecast?.expected ?? null)}
        note={
          forecast
            ? t("forecastRange", {
                low: format.money(forecast.low),
                high: format.money(forecast.high),
                spent: format.money(forecast.so_far),
              })
            : t("forecastNone")
        }
      />
      <StatCard
        label={t("credits")}
        value={format.money(credits?.left ?? null)}
        note={
          credits ? (
            <time dateTime={credits.at} title={format.dateTime(credits.at)}>
              {credits.days === null ? t("creditsStill") : t("creditsDays", { days: credits.days })}
            </time>
          ) : (
            t("creditsNone")
          )
        }
      />
      <StatCard label={t("keys")} value={format.count(keys.total)} note={t("keysActive", { active: keys.active })} />
    </dl>
  );
}
