import { ChevronDown } from "lucide-react";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { LastSynced } from "@/components/sync/last-synced";
import { SyncPanel } from "@/components/sync/sync-panel";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { ClientMessages } from "@/i18n/client-messages";
import { pageViewer } from "@/lib/access/page-viewer";
import { changedQuery, type SearchParams } from "@/lib/base/query-string";
import { listKeys } from "@/lib/keys/keys";
import { KeyParams } from "@/lib/keys/schema";
import { readKeySummary } from "@/lib/keys/summary";
import { findOpenRun } from "@/lib/sync/open-run";
import { AddKey } from "./add-key";
import { KeyFilters } from "./key-filters";
import { KeyTable } from "./key-table";
import { NoKeys } from "./no-keys";

const PER_PAGE = 50;

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("keys");
  return { title: t("title") };
}

export default async function KeysPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await pageViewer("keys.read");
  const params = await searchParams;
  const asked = KeyParams.parse(params);
  const [{ items: keys, pagination }, summary, openRun, t] = await Promise.all([
    listKeys(viewer, { ...asked, limit: PER_PAGE }),
    readKeySummary(viewer),
    findOpenRun(viewer),
    getTranslations("keys"),
  ]);
  // The only key of the last page may just have been deleted.
  if (keys.length === 0 && pagination.total > 0) redirect(`/keys${changedQuery(params, { page: pagination.pages })}`);
  return (
    <ClientMessages of={["keys", "sync"]}>
      <PageHeader
        title={t("title")}
        note={summary.total > 0 ? <LastSynced at={summary.last_synced_at} /> : t("note")}
        actions={summary.total > 0 && <SyncPanel openRun={openRun} />}
      />
      <div className="space-y-6">
        {summary.total === 0 ? (
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
        <Card title={t("table.label")} actions={summary.total > 0 && <KeyFilters asked={asked} params={params} />}>
          {keys.length > 0 ? (
            <>
              <KeyTable keys={keys} sort={asked.sort} params={params} />
              <Pager label={t("pager")} {...pagination} hrefOf={(page) => changedQuery(params, { page })} />
            </>
          ) : (
            <NoKeys hasKeys={summary.total > 0} />
          )}
        </Card>
      </div>
    </ClientMessages>
  );
}
