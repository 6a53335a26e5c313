import { useTranslations } from "next-intl";
import { Table, Td, Th } from "@/components/ui/table";
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
      >
        {chart.buckets.toReversed().map((bucket) => (
          <tr key={bucket.start}>
            <Td className="whitespace-nowrap">{name(bucket.start)}</Td>
            <Td numeric className="font-medium">
              {value(bucket.total)}
            </Td>
            {bucket.parts.map((part, index) => (
              <Td key={chart.series[index]?.label} numeric>
                {value(bucket.isGap ? null : part)}
              </Td>
            ))}
          </tr>
        ))}
      </Table>
    </details>
  );
}
