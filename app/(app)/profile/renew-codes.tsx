"use client";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { ActionNotice } from "@/components/ui/action-notice";
import { SubmitButton } from "@/components/ui/submit-button";
import { renewRecoveryCodesAction } from "./actions";
import { PasswordField } from "./password-field";
import { RecoveryCodes } from "./recovery-codes";

/** How many recovery codes are left, and the way to new ones. */
export function RenewCodes({ left }: { left: number }) {
  const t = useTranslations("profile.twoFactor");
  const [renewed, renew] = useActionState(renewRecoveryCodesAction, { status: "idle" });
  return (
    <div className="space-y-3 text-sm">
      {renewed.data && <RecoveryCodes codes={renewed.data.codes} />}
      <p>{t("codesLeft", { count: left })}</p>
      <details>
        <summary className="inline-flex min-h-8 items-center text-accent underline-offset-2 hover:underline">
          {t("newCodes")}
        </summary>
        <form action={renew} className="mt-3 space-y-3">
          <p className="text-muted">{t("newCodesText")}</p>
          <ActionNotice state={renewed} />
          <PasswordField errors={renewed.errors} />
          <SubmitButton variant="secondary">{t("newCodes")}</SubmitButton>
        </form>
      </details>
    </div>
  );
}
