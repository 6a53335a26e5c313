"use client";
import { Pencil } from "lucide-react";
import { useTranslations } from "next-intl";
import { useActionState, useEffect, useId, useRef } from "react";
import { editKey } from "@/app/(app)/keys/actions";
import { ActionNotice } from "@/components/ui/action-notice";
import { Dialog } from "@/components/ui/dialog";
import { errorOf, TextAreaField } from "@/components/ui/field";
import { NameField } from "@/components/ui/name-field";
import { OpenDialog } from "@/components/ui/open-dialog";
import { SubmitButton } from "@/components/ui/submit-button";
import type { KeyView } from "@/lib/keys/schema";

type EditKeyProps = { of: Pick<KeyView, "id" | "name" | "description">; inWords: boolean };

/** Name and description of a key, in a dialog that closes when they are saved. */
export function EditKey({ of: key, inWords }: EditKeyProps) {
  const t = useTranslations("keys");
  const common = useTranslations("common");
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [state, send] = useActionState(editKey, { status: "idle" });
  useEffect(() => {
    if (state.status === "done") dialog.current?.close();
  }, [state]);
  const label = t("action.edit", { name: key.name });
  const look = inWords
    ? ({ variant: "secondary", size: "small" } as const)
    : ({ variant: "ghost", size: "icon", "aria-label": label, title: label } as const);
  return (
    <>
      <OpenDialog dialog={id} {...look}>
        <Pencil aria-hidden="true" className="size-4.5" />
        {inWords && t("action.editShort")}
      </OpenDialog>
      <Dialog id={id} ref={dialog} title={t("edit.title", { name: key.name })}>
        <form action={send} className="space-y-4 text-sm">
          <input type="hidden" name="id" value={key.id} />
          <NameField of={state} label={t("add.name")} defaultValue={key.name} />
          <TextAreaField
            name="description"
            label={t("add.description")}
            maxLength={500}
            defaultValue={state.values?.description ?? key.description ?? ""}
            error={errorOf(state.errors, "description")}
          />
          {state.status === "failed" && <ActionNotice state={state} />}
          <SubmitButton>{common("save")}</SubmitButton>
        </form>
      </Dialog>
    </>
  );
}
