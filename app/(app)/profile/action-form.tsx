"use client";
import { type ReactNode, useActionState } from "react";
import { ActionNotice } from "@/components/ui/action-notice";
import type { ActionState } from "@/lib/action";

type Props<T> = {
  action: (state: ActionState<T>, form: FormData) => Promise<ActionState<T>>;
  /** With the buttons that send it; which of them was pressed is what it sends. */
  children: ReactNode;
};

/** A form of nothing but buttons; says in place what went wrong. */
export function ActionForm<T>({ action, children }: Props<T>) {
  const [state, send, pending] = useActionState(action, { status: "idle" });
  return (
    <form action={send} aria-busy={pending || undefined} className="space-y-2 aria-busy:opacity-60">
      <ActionNotice state={state} />
      {children}
    </form>
  );
}
