"use client";
import { useTranslations } from "next-intl";
import { errorOf, Field } from "@/components/ui/field";
import type { FieldError } from "@/lib/base/errors";

/** The present password, asked for again before something weighty. */
export function PasswordField({ errors }: { errors?: FieldError[] | undefined }) {
  const t = useTranslations("auth");
  return (
    <Field
      name="password"
      type="password"
      label={t("password")}
      required
      autoComplete="current-password"
      error={errorOf(errors, "password")}
    />
  );
}
