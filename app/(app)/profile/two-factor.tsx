"use client";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { ActionNotice } from "@/components/ui/action-notice";
import { Badge } from "@/components/ui/badge";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { SubmitButton } from "@/components/ui/submit-button";
import { beginTwoFactorSetup, makeRecoveryCodes, turnOffTwoFactor, turnOnTwoFactor } from "./actions";
import { PasswordField } from "./password-field";
import { RecoveryCodes } from "./recovery-codes";
import { TwoFactorSetup } from "./two-factor-setup";

/** The second factor: off, being set up, or on with its recovery codes. */
export function TwoFactor({ enabled, codesLeft }: { enabled: boolean; codesLeft: number }) {
  const t = useTranslations("profile.twoFactor");
  const [begun, begin] = useActionState(beginTwoFactorSetup, { status: "idle" });
  const [turnedOn, turnOn] = useActionState(turnOnTwoFactor, { status: "idle" });
  const [renewed, renew] = useActionState(makeRecoveryCodes, { status: "idle" });
  const codes = renewed.data?.codes ?? turnedOn.data?.codes;
  return (
    <div className="space-y-4">
      <Badge tone={enabled ? "success" : "neutral"}>{t(enabled ? "on" : "off")}</Badge>
      {enabled && codes && <RecoveryCodes codes={codes} />}
      {enabled && (
        <>
          <p className="text-sm">{t("codesLeft", { count: codesLeft })}</p>
          <details className="text-sm">
            <summary className="cursor-pointer">{t("newCodes")}</summary>
            <form action={renew} className="mt-3 space-y-3">
              <p className="text-muted">{t("newCodesText")}</p>
              <ActionNotice state={renewed} />
              <PasswordField errors={renewed.errors} />
              <SubmitButton variant="secondary">{t("newCodes")}</SubmitButton>
            </form>
          </details>
          <ConfirmDialog
            trigger={t("disable")}
            triggerVariant="secondary"
            title={`${t("disable")}?`}
            confirm={t("disable")}
            action={turnOffTwoFactor}
          >
            <p>{t("disableText")}</p>
            <PasswordField />
          </ConfirmDialog>
        </>
      )}
      {!enabled && begun.data && <TwoFactorSetup {...begun.data} state={turnedOn} send={turnOn} />}
      {!enabled && !begun.data && (
        <form action={begin} className="space-y-4">
          <ActionNotice state={begun} />
          <PasswordField errors={begun.errors} />
          <SubmitButton>{t("start")}</SubmitButton>
        </form>
      )}
    </div>
  );
}
