"use client";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { ActionNotice } from "@/components/ui/action-notice";
import { errorOf, Field } from "@/components/ui/field";
import { SubmitButton } from "@/components/ui/submit-button";
import { requestResetAction } from "./actions";

export function ForgotForm() {
  const t = useTranslations("auth");
  const [state, send] = useActionState(requestResetAction, { status: "idle" });
  return (
    <form action={send} className="space-y-4">
      <ActionNotice state={state} done={t("forgot.done")} />
      <Field
        name="email"
        type="email"
        label={t("email")}
        required
        autoComplete="username"
        defaultValue={state.values?.email}
        error={errorOf(state.errors, "email")}
      />
      <SubmitButton className="w-full">{t("forgot.submit")}</SubmitButton>
    </form>
  );
}
