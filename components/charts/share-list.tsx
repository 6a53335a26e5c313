import type { ReactNode } from "react";
import { Link } from "@/components/ui/link";
import { groundOf } from "./colors";

/** `percent`, from 0 to 100, is the length of the bar. */
export type Share = { label: string; href: string | null; value: string; share: string; percent: number };

type ShareListProps = { shares: Share[]; label: string; empty: string; note?: ReactNode };

/** Parts of a whole, each with its bar, its figure and its way to the filter. */
export function ShareList({ shares, label, empty, note }: ShareListProps) {
  if (shares.length === 0) return <p className="text-sm text-muted">{empty}</p>;
  return (
    <>
      <ul aria-label={label} className="space-y-2.5">
        {shares.map((share, index) => (
          <li key={share.label} className="text-sm">
            <div className="flex items-baseline gap-3">
              <span className="min-w-0 flex-1 truncate" title={share.label}>
                {share.href ? (
                  <Link href={share.href} className="hover:text-accent hover:underline">
                    {share.label}
                  </Link>
                ) : (
                  share.label
                )}
              </span>
              <span className="figures text-muted">{share.share}</span>
              <span className="figures w-20 text-right font-medium">{share.value}</span>
            </div>
            <div aria-hidden="true" className="mt-1 h-1.5 rounded-full bg-sunken">
              <div className={`h-full rounded-full ${groundOf(index)}`} style={{ width: `${share.percent}%` }} />
            </div>
          </li>
        ))}
      </ul>
      {note && <p className="mt-3 text-sm text-muted">{note}</p>}
    </>
  );
}
