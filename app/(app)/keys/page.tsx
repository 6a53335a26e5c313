import { ChevronDown, KeyRound } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { LastSynced } from "@/components/sync/last-synced";
import { SyncPanel } from "@/components/sync/sync-panel";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { ClientMessages } from "@/i18n/client-messages";
import { pageViewer } from "@/lib/auth/page-viewer";
import { listKeys } from "@/lib/keys/keys";
import { findOpenRun } from "@/lib/sync/open-run";
import { AddKey } from "./add-key";
import { KeyTable } from "./key-table";

/** An account's imported keys come along without being added one by one. */
const MOST_KEYS = 1000;

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("keys");
  return { title: t("title") };
}

export default async function KeysPage() {
  const viewer = await pageViewer();
  const [{ items: keys }, openRun, t] = await Promise.all([
    listKeys(viewer, { page: 1, limit: MOST_KEYS }),
    findOpenRun(viewer),
    getTranslations("keys"),
  ]);
  const synced = keys
    .flatMap((key) => key.last_synced_at ?? [])
    .sort()
    .at(-1);
  const names = Object.fromEntries(keys.map((key) => [key.id, key.name]));
  return (
    <ClientMessages of={["keys"]}>
      <PageHeader
        title={t("title")}
        note={keys.length > 0 ? <LastSynced at={synced} /> : t("note")}
        actions={keys.length > 0 && <SyncPanel openRun={openRun} keyNames={names} />}
      />
      <div className="space-y-6">
        {keys.length === 0 ? (
          <Card title={t("add.title")} note={t("add.first")}>
            <AddKey />
          </Card>
        ) : (
          <details className="group rounded-xl border border-line bg-surface">
            <summary className="flex min-h-12 list-none items-center gap-2.5 px-4 text-sm font-medium sm:px-5">
              <ChevronDown
                aria-hidden="true"
                className="size-4 text-muted transition-transform group-open:rotate-180"
              />
              {t("add.title")}
            </summary>
            <div className="border-t border-line p-4 sm:p-5">
              <AddKey />
            </div>
          </details>
        )}
        <Card title={t("table.label")}>
          {keys.length > 0 ? (
            <KeyTable keys={keys} />
          ) : (
            <EmptyState icon={<KeyRound aria-hidden="true" className="size-6" />} title={t("empty.title")}>
              {t("empty.text")}
            </EmptyState>
          )}
        </Card>
      </div>
    </ClientMessages>
  );
}
