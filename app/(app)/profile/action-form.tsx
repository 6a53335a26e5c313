"use client";
import { type ReactNode, useActionState } from "react";
import { ActionNotice } from "@/components/ui/action-notice";
import type { Variant } from "@/components/ui/button";
import { SubmitButton } from "@/components/ui/submit-button";
import type { ActionState } from "@/lib/action";

type Props<T> = {
  action: (state: ActionState<T>, form: FormData) => Promise<ActionState<T>>;
  fields?: Record<string, string>;
  label?: string;
  variant?: Variant;
  children: ReactNode;
};

/** A form that is a button; says in place what went wrong. */
export function ButtonForm<T>({ action, fields = {}, label, variant = "secondary", children }: Props<T>) {
  const [state, send] = useActionState(action, { status: "idle" });
  return (
    <form action={send} className="space-y-2">
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <ActionNotice state={state} />
      <SubmitButton variant={variant} size="small" aria-label={label}>
        {children}
      </SubmitButton>
    </form>
  );
}
