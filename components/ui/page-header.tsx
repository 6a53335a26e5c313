import type { ReactNode } from "react";

type PageHeaderProps = { title: ReactNode; note?: ReactNode; actions?: ReactNode };

/** The one `h1` of a page, a line about it, and what can be done to the whole of it. */
export function PageHeader({ title, note, actions }: PageHeaderProps) {
  return (
    <header className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <h1 className="text-2xl font-semibold tracking-tight wrap-break-word">{title}</h1>
        {note && <div className="mt-1 text-sm text-muted">{note}</div>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2 max-sm:w-full">{actions}</div>}
    </header>
  );
}
