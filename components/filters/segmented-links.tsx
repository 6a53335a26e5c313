import { Link } from "@/components/ui/link";

export type Segment = { href: string; label: string; isCurrent: boolean };

/** A choice of one whose every answer is an address. */
export function SegmentedLinks({ label, segments }: { label: string; segments: Segment[] }) {
  return (
    <nav aria-label={label} className="max-w-full overflow-x-auto rounded-lg bg-sunken p-0.5">
      <ul className="flex">
        {segments.map((segment) => (
          <li key={segment.label}>
            <Link
              href={segment.href}
              aria-current={segment.isCurrent ? "true" : undefined}
              className="flex min-h-8 items-center rounded-md px-3 text-sm whitespace-nowrap text-muted hover:text-ink aria-[current]:bg-surface aria-[current]:font-medium aria-[current]:text-ink aria-[current]:shadow-sm"
            >
              {segment.label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
