"use client";
import { useTranslations } from "next-intl";
import { ActionNotice } from "@/components/ui/action-notice";
import { CopyButton } from "@/components/ui/copy-button";
import { errorOf, Field } from "@/components/ui/field";
import { SubmitButton } from "@/components/ui/submit-button";
import type { ActionState } from "@/lib/action";

type Props = { secret: string; qr: string; state: ActionState; send: (form: FormData) => void };

/** The picture for the authenticator app, and the first code that proves it was read. */
export function TwoFactorSetup({ secret, qr, state, send }: Props) {
  const t = useTranslations("profile.twoFactor");
  return (
    <form action={send} className="space-y-4 text-sm">
      <p>{t("scan")}</p>
      {/* biome-ignore lint/performance/noImgElement: a data URL has nothing to optimise */}
      <img src={qr} alt={t("qr")} width={220} height={220} className="rounded-lg" />
      <div className="space-y-1.5">
        <p className="font-medium">{t("key")}</p>
        {/* In groups to the eye alone: what is copied has no spaces. */}
        <code className="block font-mono select-all">
          {[...secret.matchAll(/.{1,4}/g)].map(({ 0: group, index }) => (
            <span key={index} className="mr-2 inline-block">
              {group}
            </span>
          ))}
        </code>
        <CopyButton text={secret} />
      </div>
      <ActionNotice state={state} />
      <Field
        name="code"
        label={t("code")}
        required
        inputMode="numeric"
        autoComplete="one-time-code"
        error={errorOf(state.errors, "code")}
      />
      <SubmitButton>{t("enable")}</SubmitButton>
    </form>
  );
}
