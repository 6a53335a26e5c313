"use client";
import type { ReactNode } from "react";
import type { ActionState } from "@/lib/action";
import { Notice } from "./notice";

/** What a form says after it was sent: the refusal in words, or the given text of success. */
export function ActionNotice({ state, done }: { state: ActionState; done?: ReactNode }) {
  if (state.status === "failed") {
    return (
      <Notice key={JSON.stringify(state)} kind="error">
        {state.message}
      </Notice>
    );
  }
  if (state.status === "done" && done) {
    return (
      <Notice key={JSON.stringify(state)} kind="success">
        {done}
      </Notice>
    );
  }
  return null;
}
