import { useTranslations } from "next-intl";
import { Link } from "@/components/ui/link";
import { useFormat } from "@/i18n/use-format";
import type { Interval, Metric } from "@/lib/usage/present/dashboard-view";
import { bucketName, bucketTick, measureFormat } from "@/lib/usage/present/format-measure";
import type { StackedChart } from "@/lib/usage/present/series";
import { ChartHover } from "./chart-hover";
import { ChartTable } from "./chart-table";
import { groundOf } from "./colors";
import { StackedBars } from "./stacked-bars";

type UsageChartProps = {
  chart: StackedChart;
  metric: Metric;
  interval: Interval;
  /** What it shows, in one sentence. */
  summary: string;
  /** Where a press on a series leads; null = nowhere. */
  hrefOf?: (id: string) => string | null;
};

/** A metric over time: the picture, its legend with the ways to filter, and the same as a table. */
export function UsageChart({ chart, metric, interval, summary, hrefOf }: UsageChartProps) {
  const t = useTranslations("common.chart");
  const format = useFormat();
  const { full, short } = measureFormat(format, metric);
  const oneDay = interval === "hour" && chart.buckets.length <= 25;
  return (
    <div className="space-y-4">
      <StackedBars
        chart={chart}
        summary={summary}
        tick={short}
        label={(start) => bucketTick(format, interval, start, oneDay)}
        gapLabel={t("gap")}
      >
        <ChartHover chart={{ series: chart.series, buckets: chart.buckets }} metric={metric} interval={interval} />
      </StackedBars>
      <ul className="flex flex-wrap gap-x-5 gap-y-1.5 text-sm">
        {chart.series.map((series, index) => {
          const href = series.id === null || series.isRest ? null : hrefOf?.(series.id);
          return (
            <li key={series.label} className="flex max-w-full min-w-0 items-center gap-2">
              <span aria-hidden="true" className={`size-3 shrink-0 rounded-sm ${groundOf(index, series.isRest)}`} />
              {href ? (
                <Link href={href} className="truncate hover:text-accent hover:underline">
                  {series.label}
                </Link>
              ) : (
                <span className="truncate">{series.label}</span>
              )}
              <span className="figures text-muted">{full(series.total)}</span>
            </li>
          );
        })}
      </ul>
      {chart.shown < chart.of && (
        <p className="text-sm text-muted">{t("shown", { shown: chart.shown, of: chart.of })}</p>
      )}
      <ChartTable chart={chart} name={(start) => bucketName(format, interval, start)} value={full} summary={summary} />
    </div>
  );
}
