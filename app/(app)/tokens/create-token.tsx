"use client";
import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { ActionNotice } from "@/components/ui/action-notice";
import { Checkbox } from "@/components/ui/checkbox";
import { errorOf } from "@/components/ui/field";
import { NameField } from "@/components/ui/name-field";
import { type Option, SelectField } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import type { Scope } from "@/lib/tokens/schema";
import { createTokenAction } from "./actions";
import { ShownToken } from "./new-token";

type CreateTokenProps = {
  origin: string;
  scopes: readonly Scope[];
  /** How many days a token may live, in words. */
  lifetimes: Option[];
};

export function CreateToken({ origin, scopes, lifetimes }: CreateTokenProps) {
  const t = useTranslations("tokens");
  const [state, send] = useActionState(createTokenAction, { status: "idle" });
  return (
    <form action={send} className="space-y-4">
      {state.data && <ShownToken key={state.data.token} token={state.data} origin={origin} />}
      <ActionNotice state={state} />
      <div className="grid gap-4 sm:grid-cols-2">
        <NameField of={state} label={t("create.name")} hint={t("create.nameHint")} />
        <SelectField
          name="expires_in_days"
          label={t("create.expires")}
          options={[...lifetimes, { value: "", label: t("create.forever") }]}
          defaultValue={state.values?.expires_in_days ?? "90"}
          error={errorOf(state.errors, "expires_in_days")}
        />
      </div>
      <fieldset>
        <legend className="text-sm font-medium">{t("create.scopes")}</legend>
        <div className="mt-1 flex flex-wrap gap-x-6">
          {scopes.map((scope) => (
            <Checkbox key={scope} name="scopes" value={scope} defaultChecked label={t(`scope.${scope}`)} />
          ))}
        </div>
        {errorOf(state.errors, "scopes") && <p className="text-sm text-danger">{errorOf(state.errors, "scopes")}</p>}
      </fieldset>
      <SubmitButton icon={<Plus aria-hidden="true" className="size-4" />}>{t("create.submit")}</SubmitButton>
    </form>
  );
}
