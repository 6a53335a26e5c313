"use client";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { ActionNotice } from "@/components/ui/action-notice";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { SubmitButton } from "@/components/ui/submit-button";
import { beginTwoFactorAction, disableTwoFactorAction, enableTwoFactorAction } from "./actions";
import { PasswordField } from "./password-field";
import { RecoveryCodes } from "./recovery-codes";
import { TwoFactorSetup } from "./two-factor-setup";

/** The authenticator app: off, being set up, or on. */
export function AppFactor({ enabled }: { enabled: boolean }) {
  const t = useTranslations("profile.twoFactor");
  const [begun, begin] = useActionState(beginTwoFactorAction, { status: "idle" });
  const [turnedOn, turnOn] = useActionState(enableTwoFactorAction, { status: "idle" });
  if (enabled)
    return (
      <div className="space-y-3">
        {turnedOn.data && <RecoveryCodes codes={turnedOn.data.codes} />}
        <p className="text-sm">{t("appOn")}</p>
        <ConfirmDialog
          trigger={t("disable")}
          triggerVariant="secondary"
          title={`${t("disable")}?`}
          confirm={t("disable")}
          action={disableTwoFactorAction}
        >
          <p>{t("disableText")}</p>
          <PasswordField />
        </ConfirmDialog>
      </div>
    );
  if (begun.data) return <TwoFactorSetup {...begun.data} state={turnedOn} send={turnOn} />;
  return (
    <form action={begin} className="space-y-4">
      <ActionNotice state={begun} />
      <PasswordField errors={begun.errors} />
      <SubmitButton>{t("start")}</SubmitButton>
    </form>
  );
}
