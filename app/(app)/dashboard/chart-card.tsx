import { useTranslations } from "next-intl";
import { UsageChart } from "@/components/charts/usage-chart";
import { SegmentedLinks } from "@/components/filters/segmented-links";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { useFormat } from "@/i18n/use-format";
import { changedQuery, type SearchParams } from "@/lib/base/query-string";
import type { DashboardView } from "@/lib/usage/present/dashboard-view";
import { measureFormat } from "@/lib/usage/present/format-measure";
import type { StackedChart } from "@/lib/usage/present/series";

type ChartCardProps = { chart: StackedChart; view: DashboardView; params: SearchParams };

type Choice = "metric" | "by" | "interval";

/** The chart over time with its choices. */
export function ChartCard({ chart, view, params }: ChartCardProps) {
  const t = useTranslations("dashboard.chart");
  const format = useFormat();
  const choice = (name: Choice, values: readonly DashboardView[Choice][]) => (
    <SegmentedLinks
      label={t(name)}
      segments={values.map((value) => ({
        href: changedQuery(params, { [name]: value }),
        label: t(value),
        isCurrent: view[name] === value,
      }))}
    />
  );
  const comparing = view.compare === "previous";
  const hrefOf = {
    model: (id: string) => changedQuery(params, { model: id, by: "key" }),
    key: (id: string) => changedQuery(params, { key: id, by: "model" }),
    provider: (id: string) => changedQuery(params, { provider: id, by: "model" }),
  }[view.by];
  const summary = t("summary", {
    metric: t(view.metric),
    start: format.day(view.start_date),
    end: format.day(view.end_date),
    total: measureFormat(format, view.metric).full(chart.total),
  });
  return (
    <Card
      late
      title={t("title")}
      note={view.interval === "hour" ? t("hourNote") : undefined}
      className="mb-6"
      actions={
        <>
          {choice("metric", ["cost", "requests", "tokens"])}
          {choice("by", ["model", "key", "provider"])}
          {view.intervals.length > 1 && choice("interval", view.intervals)}
          <SegmentedLinks
            label={t("compare")}
            segments={[
              {
                href: changedQuery(params, { compare: comparing ? null : "previous" }),
                label: t("compareOn"),
                isCurrent: comparing,
              },
            ]}
          />
        </>
      }
    >
      {chart.series.length > 0 ? (
        <UsageChart chart={chart} metric={view.metric} interval={view.interval} summary={summary} hrefOf={hrefOf} />
      ) : (
        <EmptyState title={t(chart.isUnknown ? "unread" : "none")}>{t("noneText")}</EmptyState>
      )}
    </Card>
  );
}
