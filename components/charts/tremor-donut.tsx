"use client";
// The whole library behind one entry would bring every chart it has.
import { DonutChart } from "@tremor/react/dist/components/chart-elements/DonutChart/DonutChart.js";
import { useFormat } from "@/i18n/use-format";

export type Slice = { name: string; value: number };

/** Names of the colours that the theme gives Tremor in the order of our series. */
const COLORS = ["blue", "orange", "teal", "pink", "amber", "violet", "gray"] as const;

/** Tremor's donut; it brings Recharts along and is therefore only ever loaded late. */
export function TremorDonut({ slices, onChoose }: { slices: Slice[]; onChoose: (name: string) => void }) {
  const format = useFormat();
  return (
    <DonutChart
      data={slices}
      category="value"
      index="name"
      colors={COLORS.slice(0, slices.length)}
      valueFormatter={format.money}
      onValueChange={(slice) => slice && onChoose(String(slice.name))}
      className="h-44"
    />
  );
}
