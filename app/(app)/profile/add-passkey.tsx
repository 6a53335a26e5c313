"use client";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { makePasskey } from "@/components/passkeys/authenticator";
import { usePasskeysPossible } from "@/components/passkeys/use-passkeys-possible";
import { ActionNotice } from "@/components/ui/action-notice";
import { errorOf, Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { SubmitButton } from "@/components/ui/submit-button";
import type { ActionState } from "@/lib/action";
import type { PasskeyPlace } from "@/lib/passkeys/schema";
import { ConfirmationField } from "./confirmation-field";
import { addPasskeyAction, beginPasskeyAction } from "./passkey-actions";

type Props = { hasPassword: boolean; place: PasskeyPlace };

/** Asks for a name and the password, then lets the device make a passkey. */
export function AddPasskey({ hasPassword, place }: Props) {
  const t = useTranslations("profile.passkeys");
  const possible = usePasskeysPossible(place);
  const add = async (_: ActionState, form: FormData): Promise<ActionState> => {
    const values = { name: String(form.get("name") ?? "") };
    const confirmation = new FormData();
    confirmation.set("password", String(form.get("password") ?? ""));
    const begun = await beginPasskeyAction({ status: "idle" }, confirmation);
    if (!begun.data) return { ...begun, values };
    const made = await makePasskey(begun.data);
    if (!made) return { status: "failed", message: t("failed"), values };
    const answer = new FormData();
    answer.set("name", values.name);
    answer.set("response", JSON.stringify(made));
    return addPasskeyAction({ status: "idle" }, answer);
  };
  const [state, send] = useActionState(add, { status: "idle" });
  if (!possible)
    return (
      <Notice kind="info" dismissible={false}>
        {t("elsewhere", { origin: place.origin })}
      </Notice>
    );
  return (
    <>
      <p className="hidden text-sm text-muted noscript:block">{t("noScript")}</p>
      <form action={send} className="max-w-md space-y-4 noscript:hidden">
        <ActionNotice state={state} done={t("done")} />
        <Field
          name="name"
          label={t("name")}
          hint={t("nameHint")}
          required
          maxLength={100}
          autoComplete="off"
          defaultValue={state.status === "failed" ? state.values?.name : undefined}
          error={errorOf(state.errors, "name")}
        />
        <ConfirmationField hasPassword={hasPassword} errors={state.errors} />
        <SubmitButton>{t("add")}</SubmitButton>
      </form>
    </>
  );
}
