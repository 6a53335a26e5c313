"use client";
import { useTranslations } from "next-intl";
import { useActionState, useEffect } from "react";
import { updateKeyAction } from "@/app/(app)/keys/actions";
import { ActionNotice } from "@/components/ui/action-notice";
import { errorOf, TextAreaField } from "@/components/ui/field";
import { NameField } from "@/components/ui/name-field";
import { closeDialog } from "@/components/ui/open-dialog";
import { SubmitButton } from "@/components/ui/submit-button";
import type { KeyView } from "@/lib/keys/schema";

type EditKeyProps = { of: Pick<KeyView, "id" | "name" | "description">; dialog: string };

/** Name and description of a key, in a dialog that closes when they are saved. */
export function EditKey({ of: key, dialog }: EditKeyProps) {
  const t = useTranslations("keys.add");
  const common = useTranslations("common");
  const [state, send] = useActionState(updateKeyAction, { status: "idle" });
  useEffect(() => {
    if (state.status === "done") closeDialog(dialog);
  }, [state, dialog]);
  return (
    <form action={send} className="space-y-4 text-sm">
      <input type="hidden" name="id" value={key.id} />
      <NameField of={state} label={t("name")} defaultValue={key.name} />
      <TextAreaField
        name="description"
        label={t("description")}
        maxLength={500}
        defaultValue={state.values?.description ?? key.description ?? ""}
        error={errorOf(state.errors, "description")}
      />
      {state.status === "failed" && <ActionNotice state={state} />}
      <SubmitButton>{common("save")}</SubmitButton>
    </form>
  );
}
