import { ArrowDownRight, ArrowRight, ArrowUpRight } from "lucide-react";
import type { ReactNode } from "react";

type StatCardProps = {
  label: string;
  value: string;
  /** Against the previous period, in words for those who do not see the arrow. */
  change?: { text: string; direction: -1 | 0 | 1; title: string } | undefined;
  note?: ReactNode;
  className?: string;
};

/** One figure, and how it compares. */
export function StatCard({ label, value, change, note, className = "" }: StatCardProps) {
  const Arrow = change && { "-1": ArrowDownRight, "0": ArrowRight, "1": ArrowUpRight }[`${change.direction}`];
  return (
    <div className={`min-w-0 rounded-xl border border-line bg-surface p-4 ${className}`}>
      <dt className="text-sm text-muted">{label}</dt>
      <dd className="mt-1">
        <span className="figures block truncate text-xl font-semibold tracking-tight sm:text-2xl">{value}</span>
        {change && Arrow && (
          <span title={change.title} className="figures mt-1 flex items-center gap-1 text-sm text-muted">
            <Arrow aria-hidden="true" className="size-4 shrink-0" />
            <span className="font-medium text-ink">{change.text}</span>
            <span className="sr-only">{change.title}</span>
          </span>
        )}
        {note && <span className="mt-1 block text-sm text-muted">{note}</span>}
      </dd>
    </div>
  );
}

/** The change from one figure to another in percent; null when there is nothing, or less than nothing, to compare with. */
export function changeOf(now: number | null, before: number | null): number | null {
  return now === null || before === null || before <= 0 ? null : ((now - before) / before) * 100;
}
