"use client";
import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { ActionNotice } from "@/components/ui/action-notice";
import { CodeLine } from "@/components/ui/code-line";
import { errorOf } from "@/components/ui/field";
import { NameField } from "@/components/ui/name-field";
import { Notice } from "@/components/ui/notice";
import { SelectField } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import type { BroadcastAccount } from "@/lib/broadcast/accounts";
import type { NewConnection } from "@/lib/broadcast/schema";
import { createConnectionAction } from "./actions";
import { useTargetOptions } from "./target-options";

export function CreateConnection({ accounts }: { accounts: BroadcastAccount[] }) {
  const t = useTranslations("live.setup.byHand");
  const [state, send] = useActionState(createConnectionAction, { status: "idle" });
  const options = useTargetOptions(accounts);
  return (
    <form action={send} className="space-y-4">
      {state.data && <ShownConnection key={state.data.secret} connection={state.data} />}
      <ActionNotice state={state} />
      <div className="grid gap-4 sm:grid-cols-2">
        <NameField of={state} label={t("name")} hint={t("nameHint")} defaultValue="OpenRouter" />
        {options.length > 0 && (
          <SelectField
            name="target"
            label={t("account")}
            hint={t("accountHint")}
            options={[...options, { value: "", label: t("anyAccount") }]}
            defaultValue={state.values?.target ?? options[0]?.value}
            error={errorOf(state.errors, "target")}
          />
        )}
      </div>
      <SubmitButton icon={<Plus aria-hidden="true" className="size-4" />}>{t("submit")}</SubmitButton>
    </form>
  );
}

/** The only sight of a new secret. */
function ShownConnection({ connection }: { connection: NewConnection }) {
  const t = useTranslations("live.setup.shown");
  return (
    <Notice kind="warning" title={t("title", { name: connection.name })}>
      <p>{t("warning")}</p>
      <dl className="mt-3 space-y-3">
        <Line label={t("url")} text={connection.url} copy={t("copyUrl")} />
        <Line label={t("headerName")} text={connection.header.name} copy={t("copyName")} />
        <Line label={t("headerValue")} text={connection.header.value} copy={t("copyValue")} />
      </dl>
    </Notice>
  );
}

const Line = ({ label, text, copy }: { label: string; text: string; copy: string }) => (
  <div>
    <dt className="mb-1 font-medium">{label}</dt>
    <dd>
      <CodeLine text={text} copyLabel={copy} />
    </dd>
  </div>
);
