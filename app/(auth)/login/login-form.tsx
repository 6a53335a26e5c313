"use client";
import { useTranslations } from "next-intl";
import { startTransition, useActionState, useState } from "react";
import { usePasskeysPossible } from "@/components/passkeys/use-passkeys-possible";
import { ActionNotice } from "@/components/ui/action-notice";
import { Checkbox } from "@/components/ui/checkbox";
import { errorOf, Field } from "@/components/ui/field";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { SubmitButton } from "@/components/ui/submit-button";
import type { PasskeyPlace } from "@/lib/passkeys/schema";
import { loginAction } from "./actions";
import { PasskeySignIn } from "./passkey-sign-in";
import { SecondPasskey } from "./second-passkey";

/** E-mail and password, or a passkey alone; asks for the second factor when the server does. What was typed stays while the code is entered. */
export function LoginForm({ next, place }: { next: string; place: PasskeyPlace }) {
  const t = useTranslations("auth");
  const [state, send] = useActionState(loginAction, { status: "idle" });
  const [email, setEmail] = useState(state.values?.email ?? "");
  const [password, setPassword] = useState("");
  const [remember, setRemember] = useState(state.values?.remember === "on");
  const passkeys = usePasskeysPossible(place);
  const codeError = errorOf(state.errors, "code");
  const tried = state.data?.tried;
  const sendAnswer = (passkey: string) => {
    const form = new FormData();
    const fields = { email, password, next, passkey, ...(remember && { remember: "on" }) };
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    startTransition(() => send(form));
  };
  return (
    <>
      <form action={send} className="space-y-4">
        <input type="hidden" name="next" value={next} />
        {codeError !== undefined && !tried ? (
          <Notice kind="info" title={t("login.codeTitle")} dismissible={false}>
            {t("login.codeText")}
          </Notice>
        ) : (
          <ActionNotice state={state} />
        )}
        <Field
          name="email"
          type="email"
          label={t("email")}
          required
          autoComplete="username webauthn"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          error={errorOf(state.errors, "email")}
        />
        <Field
          name="password"
          type="password"
          label={t("password")}
          required
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          error={errorOf(state.errors, "password")}
        />
        {codeError && (
          <Field
            name="code"
            label={t("login.code")}
            hint={t("login.codeHint")}
            required
            autoFocus
            autoComplete="one-time-code"
            inputMode="text"
            error={tried === "code" ? codeError : undefined}
          />
        )}
        {passkeys && errorOf(state.errors, "passkey") !== undefined && (
          <SecondPasskey credentials={{ email, password }} send={sendAnswer} />
        )}
        <div className="flex flex-wrap items-center justify-between gap-x-4">
          <Checkbox
            name="remember"
            label={t("login.remember")}
            checked={remember}
            onChange={(event) => setRemember(event.target.checked)}
          />
          <Link href="/forgot-password" className="text-sm text-accent underline underline-offset-2">
            {t("login.forgot")}
          </Link>
        </div>
        <SubmitButton className="w-full">{t("login.submit")}</SubmitButton>
      </form>
      {passkeys && codeError === undefined && <PasskeySignIn next={next} remember={remember} />}
    </>
  );
}
