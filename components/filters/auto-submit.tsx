"use client";
import type { ChangeEvent, ReactNode } from "react";

/** A part of a form that sends it as soon as a choice is made; without script its button does. */
export function AutoSubmit({ children, button }: { children: ReactNode; button: string }) {
  const send = ({ target }: ChangeEvent<HTMLDivElement>) => {
    if (target instanceof HTMLSelectElement) target.form?.requestSubmit();
  };
  return (
    <div className="contents" onChange={send}>
      {children}
      <noscript>
        <button type="submit" className="min-h-10 rounded-lg border border-line-strong px-4 text-sm">
          {button}
        </button>
      </noscript>
    </div>
  );
}
