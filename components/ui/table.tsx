import type { ComponentProps, ReactNode } from "react";

type TableProps = {
  label: string;
  head: ReactNode;
  foot?: ReactNode;
  children: ReactNode;
  className?: string;
  /** On a phone every row stands as a block. Its cells then say with `label` what they hold, or are `wide`. */
  stacked?: boolean;
};

/** A table that scrolls sideways inside its own box, also by keyboard. */
export function Table({ label, head, foot, children, className = "", stacked = false }: TableProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms, a section would be a landmark
    <div
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      className={`relative -mx-4 overflow-x-auto px-4 sm:-mx-5 sm:px-5 ${stacked ? "stacked" : ""} ${className}`}
    >
      <table className="data-table w-full border-collapse text-left text-sm">
        <caption className="sr-only">{label}</caption>
        <thead>
          <tr className="border-b border-line text-muted">{head}</tr>
        </thead>
        <tbody>{children}</tbody>
        {foot && <tfoot className="border-t border-line-strong font-medium">{foot}</tfoot>}
      </table>
    </div>
  );
}

type HeadProps = ComponentProps<"th"> & { numeric?: boolean };

export const Th = ({ numeric, className, ...rest }: HeadProps) => (
  <th scope="col" {...rest} className={classes(numeric, className)} />
);

export const Tr = (props: ComponentProps<"tr">) => <tr {...props} />;

type CellProps = ComponentProps<"td"> & { numeric?: boolean; label?: string; wide?: boolean };

/** What a cell does not have is not sent along either: a table has hundreds. */
export const Td = ({ numeric, label, wide = false, className, ...rest }: CellProps) => (
  <td
    {...rest}
    {...(label !== undefined && { "data-label": label })}
    {...(wide && { "data-wide": true })}
    className={classes(numeric, className)}
  />
);

const classes = (numeric = false, className?: string): string | undefined =>
  numeric ? `number ${className ?? ""}`.trim() : className;
