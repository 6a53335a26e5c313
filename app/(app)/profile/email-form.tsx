"use client";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { ActionNotice } from "@/components/ui/action-notice";
import { errorOf, Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { SubmitButton } from "@/components/ui/submit-button";
import { requestEmailChangeAction } from "./actions";
import { PasswordField } from "./password-field";

export function EmailForm({ mailOn }: { mailOn: boolean }) {
  const t = useTranslations("profile.email");
  const [state, send] = useActionState(requestEmailChangeAction, { status: "idle" });
  return (
    <form action={send} className="space-y-4">
      <ActionNotice state={state} done={t("done")} />
      {!mailOn && (
        <Notice kind="warning" dismissible={false}>
          {t("off")}
        </Notice>
      )}
      <Field
        name="email"
        type="email"
        label={t("new")}
        required
        autoComplete="email"
        defaultValue={state.values?.email}
        error={errorOf(state.errors, "email")}
      />
      <PasswordField errors={state.errors} />
      <SubmitButton>{t("submit")}</SubmitButton>
    </form>
  );
}
