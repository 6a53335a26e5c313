"use client";
import type { ChangeEvent, ReactNode } from "react";

/** Sends the form around it as soon as a choice is made; without script its button does. */
export function AutoSubmit({ children, button }: { children: ReactNode; button: string }) {
  const send = (event: ChangeEvent<HTMLDivElement>) => event.currentTarget.closest("form")?.requestSubmit();
  return (
    <div onChange={send} className="contents">
      {children}
      <noscript>
        <button type="submit" className="min-h-10 rounded-lg border border-line-strong px-4 text-sm">
          {button}
        </button>
      </noscript>
    </div>
  );
}
