"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useActionState, useState } from "react";
import { ActionNotice } from "@/components/ui/action-notice";
import { Checkbox } from "@/components/ui/checkbox";
import { errorOf, Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { SubmitButton } from "@/components/ui/submit-button";
import { signInByPassword } from "./actions";

/** E-mail and password; asks for the second factor when the server does. What was typed stays while the code is entered. */
export function LoginForm({ next }: { next: string }) {
  const t = useTranslations("auth");
  const [state, send] = useActionState(signInByPassword, { status: "idle" });
  const [email, setEmail] = useState(state.values?.email ?? "");
  const [password, setPassword] = useState("");
  const [remember, setRemember] = useState(state.values?.remember === "on");
  const codeError = errorOf(state.errors, "code");
  const firstAsked = codeError !== undefined && !state.data?.codeTried;
  return (
    <form action={send} className="space-y-4">
      <input type="hidden" name="next" value={next} />
      {firstAsked ? (
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
          error={firstAsked ? undefined : codeError}
        />
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
  );
}
