"use client";
// The whole library behind one entry would bring every chart it has.
import { DonutChart } from "@tremor/react/dist/components/chart-elements/DonutChart/DonutChart.js";
import { useEffect, useRef } from "react";
import { useFormat } from "@/i18n/use-format";

export type Slice = { name: string; value: number };
export type TremorDonutProps = { slices: Slice[]; onChoose: (name: string) => void };

/** Names of the colours that the theme gives Tremor in the order of our series. */
const COLORS = ["blue", "orange", "teal", "pink", "amber", "violet", "gray"] as const;

/** Tremor's donut; it brings Recharts along and is therefore only ever loaded late. */
export function TremorDonut({ slices, onChoose }: TremorDonutProps) {
  const format = useFormat();
  const box = useUnfocusable();
  return (
    <div ref={box}>
      <DonutChart
        data={slices}
        category="value"
        index="name"
        colors={COLORS.slice(0, slices.length)}
        valueFormatter={format.money}
        onValueChange={(slice) => slice && onChoose(String(slice.name))}
        showLabel={false}
        className="h-44"
      />
    </div>
  );
}

/** Recharts makes its ring a stop of the Tab key; what is hidden from screen readers must not be one. */
function useUnfocusable() {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const unfocus = () => {
      for (const stop of element.querySelectorAll('[tabindex="0"]')) stop.setAttribute("tabindex", "-1");
    };
    unfocus();
    const observer = new MutationObserver(unfocus);
    observer.observe(element, { subtree: true, childList: true });
    return () => observer.disconnect();
  }, []);
  return box;
}
