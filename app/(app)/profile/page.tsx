import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { ClientMessages } from "@/i18n/client-messages";
import { pageFormat } from "@/i18n/format";
import { pageViewer } from "@/lib/auth/page-viewer";
import { isMailOn } from "@/lib/mail/send-mail";
import { listSessions } from "@/lib/sessions/sessions";
import { getProfile } from "@/lib/users/profile";
import { readTwoFactor } from "@/lib/users/two-factor";
import { DeleteAccount } from "./delete-account";
import { EmailForm } from "./email-form";
import { PasswordForm } from "./password-form";
import { ProfileForm } from "./profile-form";
import { Sessions } from "./sessions";
import { TwoFactor } from "./two-factor";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("profile"))("title") };
}

export default async function ProfilePage() {
  const viewer = await pageViewer();
  const t = await getTranslations("profile");
  const format = await pageFormat();
  const profile = await getProfile(viewer);
  const twoFactor = await readTwoFactor(viewer);
  const sessions = await listSessions(viewer, { page: 1, limit: 100 });
  return (
    <ClientMessages of={["auth", "profile"]}>
      <PageHeader
        title={t("title")}
        note={t("since", { email: profile.email, date: format.date(profile.created_at) })}
      />
      <div className="grid gap-5 xl:grid-cols-2">
        <Card title={t("person.title")}>
          <ProfileForm profile={profile} timezones={["UTC", ...Intl.supportedValuesOf("timeZone")]} />
        </Card>
        <Card title={t("password.title")} note={t("password.note")}>
          {profile.has_password ? (
            <PasswordForm email={profile.email} />
          ) : (
            <p className="text-sm">{t("password.none")}</p>
          )}
        </Card>
        <Card title={t("twoFactor.title")} note={t("twoFactor.note")}>
          <TwoFactor {...twoFactor} />
        </Card>
        <Card title={t("email.title")} note={t("email.note")}>
          <EmailForm mailOn={isMailOn()} />
        </Card>
        <Card title={t("sessions.title")} note={t("sessions.note")} className="xl:col-span-2">
          <Sessions sessions={sessions.items} />
        </Card>
        <Card title={t("danger.title")} note={t("danger.note")} className="xl:col-span-2">
          <DeleteAccount />
        </Card>
      </div>
    </ClientMessages>
  );
}
