"use client";
import type { ReactNode } from "react";
import { useFormStatus } from "react-dom";
import { buttonLook } from "./button";
import { Spinner } from "./spinner";

const LOOK = "grid size-9 place-items-center rounded-lg text-muted hover:bg-sunken hover:text-ink";

type ButtonProps = {
  /** What the icon alone means. */
  label: string;
  icon: ReactNode;
  /** Stands beside the icon where there is room, instead of the label. */
  text?: string | undefined;
};

type IconActionProps = ButtonProps & {
  action: (form: FormData) => void;
  fields: Record<string, string | number>;
};

/** A form of one icon button. */
export function IconAction({ action, fields, ...button }: IconActionProps) {
  return (
    <form action={action}>
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Submit {...button} />
    </form>
  );
}

function Submit({ label, icon, text }: ButtonProps) {
  const { pending } = useFormStatus();
  const look = text
    ? { className: buttonLook("secondary", "small") }
    : { "aria-label": label, title: label, className: LOOK };
  return (
    <button type="submit" aria-busy={pending || undefined} {...look}>
      {pending ? <Spinner /> : icon}
      {text}
    </button>
  );
}
