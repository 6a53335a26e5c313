"use client";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { ActionNotice } from "@/components/ui/action-notice";
import { SubmitButton } from "@/components/ui/submit-button";
import { updateTeamAction } from "../actions";

/** Whether usage is read by end user and country, which may be personal data. */
export function PeopleSwitch({ isOn }: { isOn: boolean }) {
  const t = useTranslations("keys.detail.people");
  const [state, send, pending] = useActionState(updateTeamAction, { status: "idle" });
  return (
    <form action={send} className="space-y-3 text-sm">
      <p className="text-muted">{t(isOn ? "on" : "off")}</p>
      <input type="hidden" name="reads_people" value={String(!isOn)} />
      <ActionNotice state={state} />
      <SubmitButton pending={pending} variant="secondary">
        {t(isOn ? "switchOff" : "switchOn")}
      </SubmitButton>
    </form>
  );
}
