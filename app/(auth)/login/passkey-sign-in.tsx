"use client";
import type { AuthenticationResponseJSON } from "@simplewebauthn/browser";
import { KeyRound } from "lucide-react";
import { useTranslations } from "next-intl";
import { startTransition, useActionState, useEffect, useEffectEvent } from "react";
import { answerByAutofill, answerByPasskey } from "@/components/passkeys/authenticator";
import { ActionNotice } from "@/components/ui/action-notice";
import { Button } from "@/components/ui/button";
import type { ActionState } from "@/lib/action";
import { askPasskeyAction, signInByPasskeyAction } from "./passkey-actions";

/** Challenges live for five minutes: an open page gets another one before. */
const RENEW_MS = 4 * 60_000;

/** Signs in by a passkey alone: by the button, or chosen among the suggestions of the e-mail field. */
export function PasskeySignIn({ next, remember }: { next: string; remember: boolean }) {
  const t = useTranslations("auth.login");
  const failed: ActionState = { status: "failed", message: t("passkeyFailed") };
  const signIn = async (_: ActionState, chosen: AuthenticationResponseJSON | null): Promise<ActionState> => {
    const asked = chosen ? undefined : await askPasskeyAction();
    if (asked?.status === "failed") return asked;
    const response = chosen ?? (asked?.data && (await answerByPasskey(asked.data)));
    if (!response) return failed;
    const form = new FormData();
    form.set("response", JSON.stringify(response));
    form.set("next", next);
    if (remember) form.set("remember", "on");
    return signInByPasskeyAction(form);
  };
  const [state, send, pending] = useActionState(signIn, { status: "idle" });
  const begin = useEffectEvent((chosen: AuthenticationResponseJSON) => startTransition(() => send(chosen)));

  useEffect(() => {
    // The button's question would be cut off by another one.
    if (pending) return;
    let current = true;
    const offer = async () => {
      const chosen = await answerByAutofill(async () => (await askPasskeyAction()).data);
      if (current && chosen) begin(chosen);
    };
    void offer();
    const renewal = setInterval(() => void offer(), RENEW_MS);
    return () => {
      current = false;
      clearInterval(renewal);
    };
  }, [pending]);

  return (
    <div className="space-y-3 noscript:hidden">
      <ActionNotice state={state} />
      <Button
        variant="secondary"
        className="w-full"
        pending={pending}
        icon={<KeyRound aria-hidden="true" className="size-4.5" />}
        onClick={() => startTransition(() => send(null))}
      >
        {t("passkey")}
      </Button>
    </div>
  );
}
