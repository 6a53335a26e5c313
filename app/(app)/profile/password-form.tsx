"use client";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { NewPassword } from "@/app/(auth)/new-password";
import { ActionNotice } from "@/components/ui/action-notice";
import { errorOf, Field } from "@/components/ui/field";
import { SubmitButton } from "@/components/ui/submit-button";
import { changePasswordAction } from "./actions";

export function PasswordForm({ email }: { email: string }) {
  const t = useTranslations("profile.password");
  const [state, send] = useActionState(changePasswordAction, { status: "idle" });
  return (
    <form action={send} className="space-y-4">
      <ActionNotice state={state} done={t("done")} />
      {/* Password managers want to know whose password this is. */}
      <input type="text" autoComplete="username" value={email} readOnly hidden />
      <Field
        name="current_password"
        type="password"
        label={t("current")}
        required
        autoComplete="current-password"
        error={errorOf(state.errors, "current_password")}
      />
      <NewPassword email={email} label={t("new")} errors={state.errors} />
      <SubmitButton>{t("submit")}</SubmitButton>
    </form>
  );
}
