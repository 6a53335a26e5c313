"use client";
import { useTranslations } from "next-intl";
import type { FieldError } from "@/lib/base/errors";
import { PasswordField } from "./password-field";

/** The present password; people without one are told that having signed in just now is enough. */
export function ConfirmationField({
  hasPassword,
  errors,
}: {
  hasPassword: boolean;
  errors?: FieldError[] | undefined;
}) {
  const t = useTranslations("profile");
  return hasPassword ? <PasswordField errors={errors} /> : <p className="text-sm text-muted">{t("fresh")}</p>;
}
