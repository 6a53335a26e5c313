"use client";
import { Wand } from "lucide-react";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { ActionNotice } from "@/components/ui/action-notice";
import { errorOf } from "@/components/ui/field";
import { SelectField } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import type { BroadcastAccount } from "@/lib/broadcast/accounts";
import type { NewDestination } from "@/lib/broadcast/schema";
import { createDestinationAction } from "./actions";
import { useTargetOptions } from "./target-options";

/** The one thing that a management key is used for beyond reading: the page says what it will do before it is pressed. */
export function CreateDestination({ accounts }: { accounts: BroadcastAccount[] }) {
  const t = useTranslations("live.setup.destination");
  const [state, send] = useActionState(createDestinationAction, { status: "idle" });
  const options = useTargetOptions(accounts);
  return (
    <form action={send} className="space-y-4">
      <ActionNotice state={state} done={state.data && <Made of={state.data} />} />
      <ul className="list-disc space-y-1 pl-5 text-sm">
        <li>{t("creates")}</li>
        <li>{t("switches")}</li>
        <li>{t("otherwise")}</li>
      </ul>
      <SelectField
        name="target"
        label={t("target")}
        className="max-w-md"
        options={options}
        defaultValue={state.values?.target}
        error={errorOf(state.errors, "target")}
      />
      <SubmitButton icon={<Wand aria-hidden="true" className="size-4" />}>{t("submit")}</SubmitButton>
    </form>
  );
}

function Made({ of: { name, workspace, switched_on: switchedOn } }: { of: NewDestination }) {
  const t = useTranslations("live.setup.destination");
  return (
    <>
      {t("done", { name })} {switchedOn && t("switchedOn", { workspace: workspace ?? "–" })}
    </>
  );
}
