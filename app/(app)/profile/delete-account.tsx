"use client";
import { useTranslations } from "next-intl";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { deleteAccountAction } from "./actions";

export function DeleteAccount() {
  const t = useTranslations("profile.danger");
  const password = useTranslations("auth")("password");
  return (
    <ConfirmDialog
      trigger={t("open")}
      triggerVariant="danger"
      triggerSize="medium"
      title={t("ask")}
      confirm={t("confirm")}
      action={deleteAccountAction}
    >
      <p>{t("text")}</p>
      <Field name="password" type="password" label={password} required autoComplete="current-password" />
    </ConfirmDialog>
  );
}
