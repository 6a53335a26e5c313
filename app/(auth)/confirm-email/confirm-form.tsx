"use client";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { ActionNotice } from "@/components/ui/action-notice";
import { SubmitButton } from "@/components/ui/submit-button";
import { confirmEmailChangeAction } from "./actions";

export function ConfirmForm({ token }: { token: string }) {
  const t = useTranslations("auth.confirmEmail");
  const [state, send] = useActionState(confirmEmailChangeAction, { status: "idle" });
  return (
    <form action={send} className="space-y-4">
      <input type="hidden" name="token" value={token} />
      <ActionNotice state={state} done={t("done")} />
      {state.status !== "done" && <SubmitButton className="w-full">{t("submit")}</SubmitButton>}
    </form>
  );
}
