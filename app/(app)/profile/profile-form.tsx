"use client";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { ActionNotice } from "@/components/ui/action-notice";
import { errorOf, Field } from "@/components/ui/field";
import { SelectField } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { LOCALE_NAMES, LOCALES } from "@/i18n/locales";
import { THEMES } from "@/lib/base/theme";
import { updateProfileAction } from "./actions";

type Profile = { name: string | null; timezone: string; locale: string; theme: string };

export function ProfileForm({ profile, timezones }: { profile: Profile; timezones: string[] }) {
  const t = useTranslations("profile.person");
  const themes = useTranslations("common.theme");
  const common = useTranslations("common");
  const [state, send] = useActionState(updateProfileAction, { status: "idle" });
  return (
    // A form that was sent is reset to its first values: the key makes it take those that were saved.
    <form key={JSON.stringify(profile)} action={send} className="space-y-4">
      <ActionNotice state={state} done={t("done")} />
      <Field
        name="name"
        label={t("name")}
        maxLength={100}
        autoComplete="name"
        defaultValue={state.values?.name ?? profile.name ?? ""}
        error={errorOf(state.errors, "name")}
      />
      <SelectField
        name="timezone"
        label={t("timezone")}
        hint={t("timezoneHint")}
        defaultValue={profile.timezone}
        options={[...new Set([profile.timezone, ...timezones])].map((zone) => ({ value: zone, label: zone }))}
        error={errorOf(state.errors, "timezone")}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          name="locale"
          label={t("locale")}
          defaultValue={profile.locale}
          options={LOCALES.map((locale) => ({ value: locale, label: LOCALE_NAMES[locale] }))}
        />
        <SelectField
          name="theme"
          label={t("theme")}
          defaultValue={profile.theme}
          options={THEMES.map((theme) => ({ value: theme, label: themes(theme) }))}
        />
      </div>
      <SubmitButton>{common("save")}</SubmitButton>
    </form>
  );
}
