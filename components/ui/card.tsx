import { type ReactNode, useId } from "react";

type CardProps = {
  title?: ReactNode;
  /** One line under the title. */
  note?: ReactNode;
  actions?: ReactNode;
  className?: string;
  /** Where a page begins elsewhere: it is laid out when it comes near, and nothing in it may stand out over its edge. */
  late?: boolean;
  children?: ReactNode;
};

/** A titled block of a page. */
export function Card({ title, note, actions, className = "", late = false, children }: CardProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={title ? id : undefined}
      className={`min-w-0 rounded-xl border border-line bg-surface p-4 sm:p-5 ${late ? "late" : ""} ${className}`}
    >
      {(title || actions) && (
        <header className="mb-4 flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
          <div className="min-w-0">
            {title && (
              <h2 id={id} className="text-base font-semibold">
                {title}
              </h2>
            )}
            {note && <p className="mt-0.5 text-sm text-muted">{note}</p>}
          </div>
          {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </header>
      )}
      {children}
    </section>
  );
}
