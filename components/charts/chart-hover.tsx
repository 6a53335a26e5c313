"use client";
import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { groundOf } from "./colors";

export type HoverLine = { label: string; value: string; color: number; isRest: boolean };
export type HoverBucket = { title: string; total: string; lines: HoverLine[]; note?: string };

type ChartHoverProps = { buckets: HoverBucket[]; instruction: string };

/** Names the bucket under the pointer, or the one chosen with the arrow keys. */
export function ChartHover({ buckets, instruction }: ChartHoverProps) {
  const [place, setPlace] = useState<number | null>(null);
  const bucket = place === null ? undefined : buckets[place];
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
    // biome-ignore lint/a11y/useSemanticElements: a group of values to walk through; there is no element for it
    <div
      role="group"
      aria-label={instruction}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys walk through the buckets
      tabIndex={0}
      className="absolute inset-0"
      onPointerMove={follow}
      onPointerDown={follow}
      onPointerLeave={() => setPlace(null)}
      onBlur={() => setPlace(null)}
      onKeyDown={step}
    >
      {bucket && place !== null && (
        <>
          <div
            className="pointer-events-none absolute inset-y-0 bg-ink/8"
            style={{ left: `${(place / buckets.length) * 100}%`, width: `${100 / buckets.length}%` }}
          />
          <div
            aria-live="polite"
            className={`pointer-events-none absolute top-0 z-10 w-56 rounded-lg border border-line bg-surface p-2.5 text-ink shadow-lg ${place > last / 2 ? "left-0" : "right-0"}`}
          >
            <p className="mb-1 flex justify-between gap-3 font-semibold">
              <span>{bucket.title}</span>
              <span className="figures">{bucket.total}</span>
            </p>
            {bucket.note && <p className="text-muted">{bucket.note}</p>}
            <ul>
              {bucket.lines.map((line) => (
                <li key={line.label} className="flex items-center gap-2 py-0.5">
                  <span className={`size-2.5 shrink-0 rounded-sm ${groundOf(line.color, line.isRest)}`} />
                  <span className="min-w-0 flex-1 truncate">{line.label}</span>
                  <span className="figures">{line.value}</span>
                </li>
              ))}
            </ul>
          </div>
        </>
      )}
    </div>
  );
}
