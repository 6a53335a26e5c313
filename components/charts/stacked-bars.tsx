import type { ReactNode } from "react";
import { gapRuns, labelPlaces, type StackedChart } from "@/lib/usage/present/series";
import { fillOf } from "./colors";
import { barPaths, HEIGHT, previousPath, unfinishedPaths } from "./paths";

type StackedBarsProps = {
  chart: StackedChart;
  /** What the picture says, in one sentence; the table beside it has the figures. */
  summary: string;
  /** Text of a grid line and of a bucket. */
  tick: (value: number) => string;
  label: (start: string) => string;
  gapLabel: string;
  /** What JavaScript adds on top. */
  children?: ReactNode;
};

const GAP = "repeating-linear-gradient(135deg, var(--color-line) 0 1px, transparent 1px 7px)";

/** Stacked bars as SVG from the server: readable before any script has loaded. */
export function StackedBars({ chart, summary, tick, label, gapLabel, children }: StackedBarsProps) {
  const { series, buckets, ticks, top } = chart;
  const width = Math.max(1, buckets.length);
  const before = previousPath(chart);
  return (
    <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 text-xs text-muted">
      <div aria-hidden="true" className="figures relative w-12 text-right">
        {ticks.map((value) => (
          <span
            key={value}
            className="absolute right-0 -translate-y-1/2"
            style={{ top: `${100 - (value / top) * 100}%` }}
          >
            {tick(value)}
          </span>
        ))}
      </div>
      <div className="relative h-64">
        {ticks.map((value) => (
          <div
            key={value}
            aria-hidden="true"
            className="absolute inset-x-0 border-t border-line"
            style={{ top: `${100 - (value / top) * 100}%` }}
          />
        ))}
        {gapRuns(buckets).map(([first, length]) => (
          <div
            key={first}
            title={gapLabel}
            className="absolute inset-y-0"
            style={{ left: `${(first / width) * 100}%`, width: `${(length / width) * 100}%`, background: GAP }}
          />
        ))}
        <svg
          role="img"
          aria-label={summary}
          viewBox={`0 0 ${width} ${HEIGHT}`}
          preserveAspectRatio="none"
          className="absolute inset-0 size-full overflow-visible"
        >
          {barPaths(chart).map((path, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the place is the identity of a series
            <path key={index} d={path} className={fillOf(index, series[index]?.isRest)} />
          ))}
          {unfinishedPaths(chart).map((path, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the place is the identity of a series
            <path key={index} d={path} className={`opacity-55 ${fillOf(index, series[index]?.isRest)}`} />
          ))}
          {before && (
            <path
              d={before}
              fill="none"
              vectorEffect="non-scaling-stroke"
              strokeWidth="1.5"
              strokeDasharray="4 3"
              className="stroke-ink"
            />
          )}
        </svg>
        {children}
      </div>
      <div aria-hidden="true" className="relative col-start-2 mt-1.5 h-5">
        {labelPlaces(buckets.length, 8).map((place, order) => (
          <span
            key={place}
            className={`absolute whitespace-nowrap ${order % 2 === 1 ? "max-sm:hidden" : ""} ${place === 0 ? "" : "-translate-x-1/2"}`}
            style={{ left: place === 0 ? 0 : `${((place + 0.5) / width) * 100}%` }}
          >
            {label(buckets[place]?.start ?? "")}
          </span>
        ))}
      </div>
    </div>
  );
}
