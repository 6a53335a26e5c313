import type { ComponentProps, ReactNode } from "react";
import { Link } from "./link";
import { Spinner } from "./spinner";

export type Variant = "primary" | "secondary" | "danger" | "ghost";
export type Size = "medium" | "small" | "icon";

const VARIANTS: Record<Variant, string> = {
  primary: "bg-accent text-accent-ink hover:bg-accent-strong",
  secondary: "border border-line-strong bg-surface text-ink hover:bg-sunken",
  danger: "bg-danger text-danger-ink hover:bg-danger-strong",
  ghost: "text-muted hover:bg-sunken hover:text-ink",
};

const SIZES: Record<Size, string> = {
  medium: "min-h-10 px-4 text-sm",
  small: "min-h-8 px-2.5 text-sm",
  icon: "size-9",
};

/** The look of a button, for links that look like one. */
export const buttonLook = (variant: Variant = "primary", size: Size = "medium"): string =>
  `inline-flex items-center justify-center gap-2 rounded-lg font-medium whitespace-nowrap transition-colors disabled:opacity-60 aria-disabled:opacity-60 ${VARIANTS[variant]} ${SIZES[size]}`;

type ButtonProps = ComponentProps<"button"> & {
  variant?: Variant;
  size?: Size;
  /** Shows that the work is under way and takes no further press. */
  pending?: boolean;
  icon?: ReactNode;
};

export function Button({ variant, size, pending = false, icon, className = "", children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-busy={pending || undefined}
      disabled={rest.disabled || pending}
      className={`${buttonLook(variant, size)} ${className}`}
    >
      {pending ? <Spinner /> : icon}
      {children}
    </button>
  );
}

type ButtonLinkProps = ComponentProps<typeof Link> & { variant?: Variant; size?: Size; icon?: ReactNode };

export function ButtonLink({ variant, size, icon, className = "", children, ...rest }: ButtonLinkProps) {
  return (
    <Link {...rest} className={`${buttonLook(variant, size)} ${className}`}>
      {icon}
      {children}
    </Link>
  );
}
