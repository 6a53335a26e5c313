"use client";
import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import { AppFactor } from "./app-factor";
import { PasskeyFactor } from "./passkey-factor";
import { RenewCodes } from "./renew-codes";

type Props = { app: boolean; passkey: boolean; codesLeft: number; hasPasskeys: boolean };

/** What is asked for after the password: a code of an app, a passkey, either or nothing. */
export function TwoFactor({ app, passkey, codesLeft, hasPasskeys }: Props) {
  const t = useTranslations("profile.twoFactor");
  const on = app || passkey;
  return (
    <div className="space-y-4">
      <Badge tone={on ? "success" : "neutral"}>{t(on ? "on" : "off")}</Badge>
      <AppFactor enabled={app} />
      {(passkey || hasPasskeys) && <PasskeyFactor enabled={passkey} />}
      {on && <RenewCodes left={codesLeft} />}
    </div>
  );
}
