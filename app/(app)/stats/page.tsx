import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { HalfHours } from "@/components/charts/half-hours";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { SavedViews } from "@/components/views/saved-views";
import { ClientMessages } from "@/i18n/client-messages";
import { pageFormat } from "@/i18n/format";
import { pageViewer } from "@/lib/access/page-viewer";
import { changedQuery, type SearchParams } from "@/lib/base/query-string";
import { isoDateIn } from "@/lib/base/time";
import { listKeys } from "@/lib/keys/keys";
import { selectedPeriod } from "@/lib/usage/period";
import { readStatsView } from "@/lib/usage/present/stats-view";
import { listChoices, listSelection } from "@/lib/usage/read/list-selection";
import { bookedNames } from "@/lib/usage/read/model-names";
import { listViews } from "@/lib/views/views";
import { ColumnMenu } from "./column-menu";
import { exportChoices } from "./export-choices";
import { ExportMenu } from "./export-menu";
import { NoUsage } from "./no-usage";
import { rowTexts } from "./row-texts";
import { SelectionTotals } from "./selection-totals";
import { StatsFilters } from "./stats-filters";
import { UsageTable } from "./usage-table";

const MOST_KEYS = 1000;

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("stats");
  return { title: t("title") };
}

export default async function StatsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await pageViewer("usage.read");
  const [params, t, common, format] = await Promise.all([
    searchParams,
    getTranslations("stats"),
    getTranslations("common"),
    pageFormat(),
  ]);
  const asked = readStatsView(params, isoDateIn(new Date(), viewer.timezone));
  const view = { ...asked, model: await bookedNames(asked.model) };
  const [selection, choices, { items: keys }, views] = await Promise.all([
    listSelection(viewer, { ...view, timezone: viewer.timezone }),
    listChoices(viewer),
    listKeys(viewer, { page: 1, limit: MOST_KEYS }),
    listViews(viewer),
  ]);
  const { page, pages, total } = selection.pagination;
  return (
    <ClientMessages of={["stats"]}>
      <PageHeader
        title={t("title")}
        note={t("note", {
          start: format.day(view.start_date),
          end: format.day(view.end_date),
          timezone: viewer.timezone,
        })}
        actions={
          <>
            <SavedViews page="stats" query={changedQuery(params, { page: null })} views={views} />
            <ColumnMenu params={params} view={view} />
            <ExportMenu
              query={changedQuery(params, { page: null })}
              total={total}
              choices={exportChoices(await getLocale())}
            />
          </>
        }
      />
      <HalfHours of={selectedPeriod({ ...view, timezone: viewer.timezone })} />
      <StatsFilters params={params} view={view} keys={keys} {...choices} />
      <Card>
        {total > 0 ? (
          <>
            <SelectionTotals totals={selection.totals} />
            <UsageTable
              rows={selection.items.map((row) => rowTexts(format, row, common("chart.unknown")))}
              totals={rowTexts(format, selection.totals, "")}
              group={view.group}
              hidden={view.hide}
              sort={view.sort}
              params={params}
            />
            <Pager
              label={t("pager")}
              page={page}
              pages={pages}
              total={total}
              hrefOf={(to) => changedQuery(params, { page: to })}
            />
          </>
        ) : (
          <NoUsage isRead={choices.models.length > 0 || keys.some((key) => key.last_synced_at !== null)} />
        )}
      </Card>
    </ClientMessages>
  );
}
