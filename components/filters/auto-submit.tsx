import type { ReactNode } from "react";

/** A part of a form that sends it as soon as a choice is made; without script its button does. */
export function AutoSubmit({ children, button }: { children: ReactNode; button: string }) {
  return (
    <div data-sends-itself="" className="contents">
      {children}
      <noscript>
        <button type="submit" className="min-h-10 rounded-lg border border-line-strong px-4 text-sm">
          {button}
        </button>
      </noscript>
    </div>
  );
}
