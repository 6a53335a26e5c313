"use client";
import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { ActionNotice } from "@/components/ui/action-notice";
import { errorOf, Field } from "@/components/ui/field";
import { NameField } from "@/components/ui/name-field";
import { Notice } from "@/components/ui/notice";
import { SubmitButton } from "@/components/ui/submit-button";
import { createKeyAction } from "./actions";

const KEYS = "https://openrouter.ai/settings/keys";
const MANAGEMENT_KEYS = "https://openrouter.ai/settings/management-keys";

const outside = (href: string) => (text: React.ReactNode) => (
  <a href={href} target="_blank" rel="noreferrer" className="text-accent underline underline-offset-2">
    {text}
  </a>
);

/** Takes an OpenRouter key. Sent without script as well. */
export function AddKey() {
  const t = useTranslations("keys.add");
  const [state, send] = useActionState(createKeyAction, { status: "idle" });
  return (
    <form action={send} className="space-y-4">
      <ActionNotice state={state} done={t("done")} />
      <p className="text-sm text-muted">
        {t.rich("where", { link: outside(KEYS), management: outside(MANAGEMENT_KEYS) })}
      </p>
      <div className="grid gap-4 sm:grid-cols-2">
        <NameField of={state} label={t("name")} hint={t("nameHint")} />
        <Field
          name="description"
          label={t("description")}
          maxLength={500}
          autoComplete="off"
          defaultValue={state.values?.description}
          error={errorOf(state.errors, "description")}
        />
        <Field
          className="sm:col-span-2"
          name="key"
          type="password"
          label={t("key")}
          hint={t("keyHint")}
          required
          autoComplete="off"
          spellCheck={false}
          placeholder="sk-or-…"
          error={errorOf(state.errors, "key")}
        />
      </div>
      <Notice kind="info" title={t("privacyTitle")} dismissible={false}>
        {t("privacy")}
      </Notice>
      <SubmitButton icon={<Plus aria-hidden="true" className="size-4" />}>{t("submit")}</SubmitButton>
    </form>
  );
}
