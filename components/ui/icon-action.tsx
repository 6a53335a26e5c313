"use client";
import type { ReactNode } from "react";
import { useFormStatus } from "react-dom";
import { Spinner } from "./spinner";

const LOOK = "grid size-9 place-items-center rounded-lg text-muted hover:bg-sunken hover:text-ink";

/** A form of one icon button. */
export function IconAction(props: {
  label: string;
  icon: ReactNode;
  action: (form: FormData) => void;
  fields: Record<string, string | number>;
}) {
  return (
    <form action={props.action}>
      {Object.entries(props.fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Submit label={props.label} icon={props.icon} />
    </form>
  );
}

function Submit({ label, icon }: { label: string; icon: ReactNode }) {
  const { pending } = useFormStatus();
  return (
    <button type="submit" aria-label={label} title={label} aria-busy={pending || undefined} className={LOOK}>
      {pending ? <Spinner /> : icon}
    </button>
  );
}
