"use client";
import { useTranslations } from "next-intl";
import { useActionState, useState } from "react";
import { ActionNotice } from "@/components/ui/action-notice";
import { errorOf, Field } from "@/components/ui/field";
import { SubmitButton } from "@/components/ui/submit-button";
import { NewPassword } from "../new-password";
import { registerAction } from "./actions";

export function RegisterForm() {
  const t = useTranslations("auth");
  const [state, send] = useActionState(registerAction, { status: "idle" });
  const [email, setEmail] = useState(state.values?.email ?? "");
  return (
    <form action={send} className="space-y-4">
      <ActionNotice state={state} />
      <input type="hidden" name="timezone" ref={tellTimezone} />
      <Field
        name="email"
        type="email"
        label={t("email")}
        required
        autoComplete="username"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        error={errorOf(state.errors, "email")}
      />
      <NewPassword email={email} label={t("password")} errors={state.errors} />
      <SubmitButton className="w-full">{t("register.submit")}</SubmitButton>
    </form>
  );
}

/** Only the browser knows it; without script the profile asks for it. */
function tellTimezone(input: HTMLInputElement | null): void {
  if (input) input.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
}
