"use client";
import { Check, Circle } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { errorOf, Field } from "@/components/ui/field";
import type { FieldError } from "@/lib/base/errors";
import { PASSWORD_RULES } from "@/lib/users/password-rules";

/** Two inputs for a new password: its rules are ticked off while typing, and the second is compared at once. */
export function NewPassword({
  email,
  label,
  errors,
}: {
  email: string;
  label: string;
  errors?: FieldError[] | undefined;
}) {
  const t = useTranslations("auth");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const same = password === again;
  return (
    <>
      <Field
        name="password"
        type="password"
        label={label}
        required
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        error={errorOf(errors, "password")}
      />
      <ul aria-label={t("rules.title")} className="grid gap-x-4 gap-y-1 text-sm sm:grid-cols-2">
        {PASSWORD_RULES.map(({ id, holds }) => (
          <RuleLine key={id} met={password !== "" && holds(password, email)} text={t(`rules.${id}`)} />
        ))}
      </ul>
      <Field
        name="password_confirm"
        type="password"
        label={t("confirm")}
        required
        autoComplete="new-password"
        value={again}
        onChange={(event) => setAgain(event.target.value)}
        error={errorOf(errors, "password_confirm")}
      />
      <p aria-live="polite" className={`min-h-5 text-sm ${same ? "text-success" : "text-muted"}`}>
        {again !== "" && t(same ? "register.same" : "register.different")}
      </p>
    </>
  );
}

function RuleLine({ met, text }: { met: boolean; text: string }) {
  const t = useTranslations("auth.register");
  const Mark = met ? Check : Circle;
  return (
    <li className={`flex items-center gap-2 ${met ? "text-success" : "text-muted"}`}>
      <Mark aria-hidden="true" className="size-3.5 shrink-0" />
      <span>
        <span className="sr-only">{t(met ? "met" : "open")} </span>
        {text}
      </span>
    </li>
  );
}
