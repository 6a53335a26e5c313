"use client";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { ActionNotice } from "@/components/ui/action-notice";
import { SubmitButton } from "@/components/ui/submit-button";
import { NewPassword } from "../new-password";
import { resetPasswordAction } from "./actions";

export function ResetForm({ token }: { token: string }) {
  const t = useTranslations("auth");
  const [state, send] = useActionState(resetPasswordAction, { status: "idle" });
  return (
    <form action={send} className="space-y-4">
      <input type="hidden" name="token" value={token} />
      <ActionNotice state={state} />
      <NewPassword email="" label={t("password")} errors={state.errors} />
      <SubmitButton className="w-full">{t("reset.submit")}</SubmitButton>
    </form>
  );
}
