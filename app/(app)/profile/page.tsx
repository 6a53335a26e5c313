import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Card } from "@/components/ui/card";
import { Notice } from "@/components/ui/notice";
import { PageHeader } from "@/components/ui/page-header";
import { ClientMessages } from "@/i18n/client-messages";
import { pageFormat } from "@/i18n/format";
import { pageViewer } from "@/lib/access/page-viewer";
import { readableEmail } from "@/lib/base/email";
import { listIdentities } from "@/lib/identities/identities";
import { isMailOn } from "@/lib/mail/send-mail";
import { listPasskeys } from "@/lib/passkeys/passkeys";
import { listSessions } from "@/lib/sessions/sessions";
import { listAccess } from "@/lib/users/list-access";
import { getProfile } from "@/lib/users/profile";
import { readTwoFactor } from "@/lib/users/two-factor";
import { Access } from "./access";
import { DeleteAccount } from "./delete-account";
import { EmailForm } from "./email-form";
import { Passkeys } from "./passkeys";
import { PasswordForm } from "./password-form";
import { ProfileForm } from "./profile-form";
import { Services } from "./services";
import { Sessions } from "./sessions";
import { TwoFactor } from "./two-factor";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("profile"))("title") };
}

/** How connecting a service ended, as the address says it. */
const RESULTS = ["connected", "taken", "refused", "failed"] as const;

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function ProfilePage({ searchParams }: Props) {
  const viewer = await pageViewer("personal");
  const first = { page: 1, limit: 100 };
  const [query, t, format, profile, twoFactor, passkeys, services, sessions, access] = await Promise.all([
    searchParams,
    getTranslations("profile"),
    pageFormat(),
    getProfile(viewer),
    readTwoFactor(viewer),
    listPasskeys(viewer, first),
    listIdentities(viewer),
    listSessions(viewer, first),
    listAccess(viewer),
  ]);
  const result = RESULTS.find((known) => known === query.service);
  return (
    <ClientMessages of={["auth", "profile"]}>
      <PageHeader
        title={t("title")}
        note={t("since", { email: readableEmail(profile.email), date: format.date(profile.created_at) })}
      />
      {result && (
        <div className="mb-5">
          <Notice kind={result === "connected" ? "success" : "error"}>{t(`services.result.${result}`)}</Notice>
        </div>
      )}
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
        <Card title={t("access.title")} note={t("access.note")} className="xl:col-span-2">
          <Access items={access.items} services={services.items} hasPassword={profile.has_password} />
        </Card>
        <Card late title={t("twoFactor.title")} note={t("twoFactor.note")}>
          <TwoFactor
            app={twoFactor.app}
            passkey={twoFactor.passkey}
            codesLeft={twoFactor.recovery_codes_left}
            hasPasskeys={passkeys.items.length > 0}
          />
        </Card>
        <Card late title={t("email.title")} note={t("email.note")}>
          <EmailForm mailOn={isMailOn()} />
        </Card>
        <Card late title={t("passkeys.title")} note={t("passkeys.note")} className="xl:col-span-2">
          <Passkeys passkeys={passkeys.items} hasPassword={profile.has_password} />
        </Card>
        {services.items.length > 0 && (
          <Card late title={t("services.title")} note={t("services.note")} className="xl:col-span-2">
            <Services services={services.items} hasPassword={profile.has_password} />
          </Card>
        )}
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
