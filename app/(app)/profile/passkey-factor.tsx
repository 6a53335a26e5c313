"use client";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { ActionNotice } from "@/components/ui/action-notice";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { SubmitButton } from "@/components/ui/submit-button";
import { requirePasskeyAction, requirePasskeyNoLongerAction } from "./passkey-actions";
import { PasswordField } from "./password-field";
import { RecoveryCodes } from "./recovery-codes";

/** Whether a passkey is asked for after the password. */
export function PasskeyFactor({ enabled }: { enabled: boolean }) {
  const t = useTranslations("profile.twoFactor");
  const [turnedOn, turnOn] = useActionState(requirePasskeyAction, { status: "idle" });
  if (enabled)
    return (
      <div className="space-y-3">
        {turnedOn.data && turnedOn.data.codes.length > 0 && <RecoveryCodes codes={turnedOn.data.codes} />}
        <p className="text-sm">{t("passkeyOn")}</p>
        <ConfirmDialog
          trigger={t("passkeyStop")}
          triggerVariant="secondary"
          title={`${t("passkeyStop")}?`}
          confirm={t("passkeyStop")}
          action={requirePasskeyNoLongerAction}
        >
          <p>{t("disableText")}</p>
          <PasswordField />
        </ConfirmDialog>
      </div>
    );
  return (
    <details className="text-sm">
      <summary className="inline-flex min-h-8 items-center text-accent underline-offset-2 hover:underline">
        {t("passkeyStart")}
      </summary>
      <form action={turnOn} className="mt-3 space-y-3">
        <p className="text-muted">{t("passkeyText")}</p>
        <ActionNotice state={turnedOn} />
        <PasswordField errors={turnedOn.errors} />
        <SubmitButton variant="secondary">{t("passkeyTurnOn")}</SubmitButton>
      </form>
    </details>
  );
}
