"use client";
import { useTranslations } from "next-intl";
import { type ReactNode, useActionState, useEffect, useState } from "react";
import type { ActionState } from "@/lib/action";
import { ActionNotice } from "./action-notice";
import { Button, type Variant } from "./button";
import { Field } from "./field";
import { closeDialog } from "./open-dialog";
import { SubmitButton } from "./submit-button";
import { useAwake } from "./use-awake";

export type ConfirmFormProps<T> = {
  /** What will happen, and what cannot be undone. */
  children: ReactNode;
  confirm: ReactNode;
  action: (state: ActionState<T>, form: FormData) => Promise<ActionState<T>>;
  /** Hidden fields of the form, an id for one. */
  fields?: Record<string, string | number>;
  /** Must be typed before the button works; until scripts are there the browser sees to it. */
  typeToConfirm?: string;
  variant?: Variant;
};

/** The question before something that cannot be undone, and the end of the dialog that it stands in once that is done. */
export function ConfirmForm<T>(props: ConfirmFormProps<T> & { dialog: string }) {
  const t = useTranslations("common");
  const [state, send] = useActionState<ActionState<T>, FormData>(props.action, { status: "idle" });
  const [typed, setTyped] = useState("");
  const { dialog } = props;
  useEffect(() => {
    if (state.status === "done") closeDialog(dialog);
  }, [state, dialog]);
  const isAwake = useAwake();
  const isLocked = isAwake && props.typeToConfirm !== undefined && typed.trim() !== props.typeToConfirm;
  return (
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
          required
          pattern={exactly(props.typeToConfirm)}
          autoComplete="off"
          spellCheck={false}
        />
      )}
      <ActionNotice state={state} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="secondary" {...{ command: "close", commandfor: dialog }} onClick={() => closeDialog(dialog)}>
          {t("cancel")}
        </Button>
        <SubmitButton variant={props.variant ?? "danger"} disabled={isLocked}>
          {props.confirm}
        </SubmitButton>
      </div>
    </form>
  );
}

/** As a pattern of an input: this text and nothing else, but for spaces around it. */
const exactly = (text: string): string => `\\s*${text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}\\s*`;
