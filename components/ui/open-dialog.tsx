"use client";
import type { ComponentProps } from "react";
import { Button } from "./button";

/** Opens a dialog by its id. The invoker attributes do it before any script has loaded, where the browser knows them. */
export function OpenDialog({ dialog, ...button }: ComponentProps<typeof Button> & { dialog: string }) {
  const open = () => openDialog(dialog);
  return (
    <Button {...button} {...{ command: "show-modal", commandfor: dialog }} onClick={open} aria-haspopup="dialog" />
  );
}

export function openDialog(id: string): void {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

export function closeDialog(id: string): void {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement) dialog.close();
}
