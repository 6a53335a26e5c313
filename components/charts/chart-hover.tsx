"use client";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { useFormat } from "@/i18n/use-format";
import type { Interval, Metric } from "@/lib/usage/present/dashboard-view";
import { bucketName, measureFormat } from "@/lib/usage/present/format-measure";
import type { StackedChart } from "@/lib/usage/present/series";
import { groundOf } from "./colors";

type ChartHoverProps = { chart: Pick<StackedChart, "series" | "buckets">; metric: Metric; interval: Interval };

/** Names the bucket under the pointer, or the one chosen with the arrow keys. */
export function ChartHover({ chart, metric, interval }: ChartHoverProps) {
  const t = useTranslations("common.chart");
  const [place, setPlace] = useState<number | null>(null);
  const { buckets } = chart;
  const last = buckets.length - 1;

  const follow = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    setPlace(Math.min(last, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * buckets.length))));
  };
  const step = (event: KeyboardEvent) => {
    const to = { ArrowLeft: (place ?? last + 1) - 1, ArrowRight: (place ?? -1) + 1, Home: 0, End: last }[event.key];
    if (event.key === "Escape") setPlace(null);
    if (to === undefined) return;
    event.preventDefault();
    setPlace(Math.min(last, Math.max(0, to)));
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: values to walk through; there is no element for it
    <div
      role="group"
      aria-label={t("walk")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys walk through the buckets
      tabIndex={0}
      className="absolute inset-0"
      onPointerMove={follow}
      onPointerDown={follow}
      onPointerLeave={() => setPlace(null)}
      onBlur={() => setPlace(null)}
      onKeyDown={step}
    >
      {place !== null && buckets[place] && (
        <>
          <div
            className="pointer-events-none absolute inset-y-0 bg-ink/8"
            style={{ left: `${(place / buckets.length) * 100}%`, width: `${100 / buckets.length}%` }}
          />
          <div
            aria-live="polite"
            className={`pointer-events-none absolute top-0 z-10 w-60 rounded-lg border border-line bg-surface p-2.5 text-ink shadow-lg ${place > last / 2 ? "left-0" : "right-0"}`}
          >
            <Bucket chart={chart} place={place} metric={metric} interval={interval} />
          </div>
        </>
      )}
    </div>
  );
}

function Bucket({ chart, place, metric, interval }: ChartHoverProps & { place: number }) {
  const t = useTranslations("common.chart");
  const format = useFormat();
  const { full } = measureFormat(format, metric);
  const bucket = chart.buckets[place];
  if (!bucket) return null;
  const lines = chart.series
    .map((series, index) => ({ series, index, value: bucket.parts[index] ?? null }))
    .filter(({ value }) => value);
  return (
    <>
      <p className="mb-1 flex justify-between gap-3 font-semibold">
        <span>{bucketName(format, interval, bucket.start)}</span>
        <span className="figures">{full(bucket.total)}</span>
      </p>
      {bucket.isGap && <p className="text-muted">{t("gap")}</p>}
      {bucket.isUnfinished && <p className="text-muted">{t("unfinished")}</p>}
      <ul>
        {lines.map(({ series, index, value }) => (
          <li key={series.label} className="flex items-center gap-2 py-0.5">
            <span className={`size-2.5 shrink-0 rounded-sm ${groundOf(index, series.isRest)}`} />
            <span className="min-w-0 flex-1 truncate">{series.label}</span>
            <span className="figures">{full(value)}</span>
          </li>
        ))}
      </ul>
      {bucket.previous !== null && (
        <p className="mt-1 flex justify-between gap-3 border-t border-line pt-1 text-muted">
          <span>{t("before")}</span>
          <span className="figures">{full(bucket.previous)}</span>
        </p>
      )}
    </>
  );
}
