"use client";
import { type ReactNode, useId } from "react";
import type { Size, Variant } from "./button";
import { ConfirmForm, type ConfirmFormProps } from "./confirm-form";
import { Dialog } from "./dialog";
import { OpenDialog } from "./open-dialog";

type ConfirmDialogProps<T> = ConfirmFormProps<T> & {
  /** The button that asks. */
  trigger: ReactNode;
  triggerVariant?: Variant;
  triggerSize?: Size;
  triggerLabel?: string | undefined;
  title: ReactNode;
};

/** Asks before something that cannot be undone. A native dialog with a form in it. */
export function ConfirmDialog<T>(props: ConfirmDialogProps<T>) {
  const { trigger, triggerVariant, triggerSize, triggerLabel, title, ...form } = props;
  const id = useId();
  return (
    <>
      <OpenDialog
        dialog={id}
        variant={triggerVariant ?? "ghost"}
        size={triggerSize ?? (triggerLabel ? "icon" : "small")}
        title={triggerLabel}
        aria-label={triggerLabel}
      >
        {trigger}
      </OpenDialog>
      <Dialog id={id} title={title}>
        <ConfirmForm {...form} dialog={id} />
      </Dialog>
    </>
  );
}
