import { getTranslations } from "next-intl/server";
import { Badge } from "@/components/ui/badge";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import type { ServiceView } from "@/lib/identities/schema";
import { ConfirmationField } from "./confirmation-field";
import { connectIdentityAction, disconnectIdentityAction } from "./service-actions";

/** The services that may vouch for the person, each to be connected or disconnected. */
export async function Services({ services, hasPassword }: { services: ServiceView[]; hasPassword: boolean }) {
  const t = await getTranslations("profile.services");
  return (
    <ul className="space-y-3">
      {services.map(({ id, name, connected }) => (
        <li key={id} className="flex flex-wrap items-center justify-between gap-2 text-sm">
          <span>
            {name} {connected && <Badge tone="success">{t("connected")}</Badge>}
          </span>
          <ConfirmDialog
            trigger={t(connected ? "disconnect" : "connect", { name })}
            triggerVariant="secondary"
            title={t(connected ? "disconnectTitle" : "connectTitle", { name })}
            confirm={t(connected ? "disconnect" : "connect", { name })}
            variant={connected ? "danger" : "primary"}
            action={connected ? disconnectIdentityAction : connectIdentityAction}
            fields={{ service: id }}
          >
            <p>{t(connected ? "disconnectText" : "connectText", { name })}</p>
            <ConfirmationField hasPassword={hasPassword} />
          </ConfirmDialog>
        </li>
      ))}
    </ul>
  );
}
