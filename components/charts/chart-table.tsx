import { useTranslations } from "next-intl";
import { Table, Th } from "@/components/ui/table";
import type { StackedChart } from "@/lib/usage/present/series";

type ChartTableProps = {
  chart: StackedChart;
  summary: string;
  name: (start: string) => string;
  value: (figure: number | null) => string;
};

/** The figures behind a chart, newest first, for those who would rather read them. */
export function ChartTable({ chart, summary, name, value }: ChartTableProps) {
  const t = useTranslations("common.chart");
  return (
    <details className="text-sm">
      <summary className="inline-flex min-h-8 items-center text-accent underline-offset-2 hover:underline">
        {t("table")}
      </summary>
      <Table
        label={summary}
        className="mt-2 max-h-96 overflow-y-auto"
        head={
          <>
            <Th>{t("time")}</Th>
            <Th numeric>{t("total")}</Th>
            {chart.series.map((series) => (
              <Th key={series.label} numeric>
                {series.label}
              </Th>
            ))}
          </>
        }
        rows={chart.buckets.toReversed().map((bucket) => [
          { text: name(bucket.start), attributes: { class: "whitespace-nowrap" } },
          { text: value(bucket.total), attributes: { class: "number font-medium" } },
          ...bucket.parts.map((part) => ({
            text: value(bucket.isGap ? null : part),
            attributes: { class: "number" },
          })),
        ])}
      />
    </details>
  );
}
