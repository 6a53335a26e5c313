import { ScrollText } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { ClientMessages } from "@/i18n/client-messages";
import { pageViewer } from "@/lib/access/page-viewer";
import { listAuditChoices, listEvents } from "@/lib/audit/events";
import { AuditParams } from "@/lib/audit/schema";
import { changedQuery, type SearchParams } from "@/lib/base/query-string";
import { AuditFilters } from "./audit-filters";
import { EventTable } from "./event-table";

const PER_PAGE = 50;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("audit"))("title") };
}

export default async function AuditPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await pageViewer("audit.read");
  const [params, t] = await Promise.all([searchParams, getTranslations("audit")]);
  const asked = AuditParams.parse(params);
  const [{ items, pagination }, choices] = await Promise.all([
    listEvents(viewer, {
      action: asked.action,
      user_id: asked.user,
      start_date: asked.start,
      end_date: asked.end,
      timezone: viewer.timezone,
      page: asked.page,
      limit: PER_PAGE,
    }),
    listAuditChoices(viewer),
  ]);
  return (
    <ClientMessages of={["audit"]}>
      <PageHeader title={t("title")} note={t("note")} />
      <AuditFilters asked={asked} {...choices} />
      <Card>
        {items.length > 0 ? (
          <>
            <EventTable events={items} userId={viewer.userId} />
            <Pager
              label={t("pager")}
              page={pagination.page}
              pages={pagination.pages}
              total={pagination.total}
              hrefOf={(to) => changedQuery(params, { page: to })}
            />
          </>
        ) : (
          <EmptyState icon={<ScrollText aria-hidden="true" className="size-6" />} title={t("empty.title")}>
            {t("empty.text")}
          </EmptyState>
        )}
      </Card>
    </ClientMessages>
  );
}
