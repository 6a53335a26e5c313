"use client";
import type { ComponentProps } from "react";
import { Button } from "./button";

/** Opens a dialog by its id. The invoker attributes do it before any script has loaded, where the browser knows them. */
export function OpenDialog({ dialog, ...button }: ComponentProps<typeof Button> & { dialog: string }) {
  const open = () => {
    const element = document.getElementById(dialog);
    if (element instanceof HTMLDialogElement && !element.open) element.showModal();
  };
  return (
    <Button {...button} {...{ command: "show-modal", commandfor: dialog }} onClick={open} aria-haspopup="dialog" />
  );
}
