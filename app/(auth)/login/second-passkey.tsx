"use client";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { answerByPasskey } from "@/components/passkeys/authenticator";
import { ActionNotice } from "@/components/ui/action-notice";
import { Button } from "@/components/ui/button";
import type { ActionState } from "@/lib/action";
import { askSecondPasskeyAction } from "./passkey-actions";

type Props = {
  /** E-mail and password as typed. */
  credentials: { email: string; password: string };
  /** Sends the form again with what the passkey answered. */
  send: (answer: string) => void;
};

/** Answers for the second factor with a passkey instead of a code. */
export function SecondPasskey({ credentials, send }: Props) {
  const t = useTranslations("auth.login");
  const answer = async (): Promise<ActionState> => {
    const form = new FormData();
    for (const [name, value] of Object.entries(credentials)) form.set(name, value);
    const asked = await askSecondPasskeyAction(form);
    if (!asked.data) return { status: "failed", message: asked.message ?? t("passkeyFailed") };
    const response = await answerByPasskey(asked.data);
    if (!response) return { status: "failed", message: t("passkeyFailed") };
    send(JSON.stringify(response));
    return { status: "idle" };
  };
  const [state, begin, pending] = useActionState(answer, { status: "idle" });
  return (
    <div className="space-y-3">
      <ActionNotice state={state} />
      <Button type="submit" formAction={begin} formNoValidate variant="secondary" className="w-full" pending={pending}>
        {t("secondPasskey")}
      </Button>
    </div>
  );
}
