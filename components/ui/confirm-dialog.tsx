"use client";
import { useTranslations } from "next-intl";
import { type ReactNode, useActionState, useEffect, useId, useRef, useState } from "react";
import type { ActionState } from "@/lib/action";
import { ActionNotice } from "./action-notice";
import { Button, type Size, type Variant } from "./button";
import { Dialog } from "./dialog";
import { Field } from "./field";
import { OpenDialog } from "./open-dialog";
import { SubmitButton } from "./submit-button";

type ConfirmDialogProps<T> = {
  /** The button that asks. */
  trigger: ReactNode;
  triggerVariant?: Variant;
  triggerSize?: Size;
  triggerLabel?: string | undefined;
  title: ReactNode;
  /** What will happen, and what cannot be undone. */
  children: ReactNode;
  confirm: ReactNode;
  action: (state: ActionState<T>, form: FormData) => Promise<ActionState<T>>;
  /** Hidden fields of the form, an id for one. */
  fields?: Record<string, string | number>;
  /** Must be typed before the button works. */
  typeToConfirm?: string;
  variant?: Variant;
};

/** Asks before something that cannot be undone. A native dialog with a form in it. */
export function ConfirmDialog<T>(props: ConfirmDialogProps<T>) {
  const t = useTranslations("common");
  const id = useId();
  const [state, send] = useActionState<ActionState<T>, FormData>(props.action, { status: "idle" });
  const [typed, setTyped] = useState("");
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (state.status === "done") dialog.current?.close();
  }, [state]);
  const locked = props.typeToConfirm !== undefined && typed.trim() !== props.typeToConfirm;
  return (
    <>
      <OpenDialog
        dialog={id}
        variant={props.triggerVariant ?? "ghost"}
        size={props.triggerSize ?? (props.triggerLabel ? "icon" : "small")}
        title={props.triggerLabel}
        aria-label={props.triggerLabel}
      >
        {props.trigger}
      </OpenDialog>
      <Dialog id={id} ref={dialog} title={props.title}>
        <form action={send} className="space-y-4 text-sm">
          {Object.entries(props.fields ?? {}).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <div className="space-y-2">{props.children}</div>
          {props.typeToConfirm !== undefined && (
            <Field
              label={t("typeToConfirm", { text: props.typeToConfirm })}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              autoComplete="off"
              spellCheck={false}
            />
          )}
          <ActionNotice state={state} />
          <div className="flex flex-wrap justify-end gap-2">
            <Button variant="secondary" {...{ command: "close", commandfor: id }} onClick={closeAround}>
              {t("cancel")}
            </Button>
            <SubmitButton variant={props.variant ?? "danger"} disabled={locked}>
              {props.confirm}
            </SubmitButton>
          </div>
        </form>
      </Dialog>
    </>
  );
}

const closeAround = (event: { currentTarget: HTMLElement }): void => event.currentTarget.closest("dialog")?.close();
