import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Notice } from "@/components/ui/notice";
import { PageHeader } from "@/components/ui/page-header";
import { ClientMessages } from "@/i18n/client-messages";
import { pageViewer } from "@/lib/access/page-viewer";
import { pageOrigin } from "@/lib/base/origin";
import { listBroadcastAccounts } from "@/lib/broadcast/accounts";
import { listConnections } from "@/lib/broadcast/connections";
import { isPrivateHost } from "@/lib/http/private-host";
import { ConnectionTable } from "./connection-table";
import { CreateConnection } from "./create-connection";
import { CreateDestination } from "./create-destination";
import { Steps } from "./steps";

const MOST_SHOWN = 100;

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("live.setup");
  return { title: t("title") };
}

export default async function LiveSetUpPage() {
  const viewer = await pageViewer("keys.read");
  const [{ items: connections }, accounts, origin, t] = await Promise.all([
    listConnections(viewer, { page: 1, limit: MOST_SHOWN }),
    listBroadcastAccounts(viewer),
    pageOrigin(),
    getTranslations("live.setup"),
  ]);
  return (
    <ClientMessages of={["live"]}>
      <PageHeader
        title={t("title")}
        note={t("note")}
        actions={
          <ButtonLink href="/live" variant="secondary">
            {t("back")}
          </ButtonLink>
        }
      />
      <div className="space-y-6">
        {isPrivateHost(origin) && (
          <Notice kind="warning" dismissible={false} title={t("private.title", { origin })}>
            {t("private.text")}
          </Notice>
        )}
        {accounts.length > 0 && (
          <Card title={t("destination.title")} note={t("destination.note")}>
            <CreateDestination accounts={accounts} />
          </Card>
        )}
        <Card title={t("byHand.title")} note={t("byHand.note")}>
          <CreateConnection accounts={accounts} />
          <Steps origin={origin} />
        </Card>
        {connections.length > 0 && (
          <Card title={t("connections.label")}>
            <ConnectionTable connections={connections} />
          </Card>
        )}
      </div>
    </ClientMessages>
  );
}
