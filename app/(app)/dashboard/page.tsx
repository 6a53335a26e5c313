import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { HalfHours } from "@/components/charts/half-hours";
import { LastSynced } from "@/components/sync/last-synced";
import { SyncPanel } from "@/components/sync/sync-panel";
import { PageHeader } from "@/components/ui/page-header";
import { SavedViews } from "@/components/views/saved-views";
import { ClientMessages } from "@/i18n/client-messages";
import { pageFormat } from "@/i18n/format";
import { pageViewer } from "@/lib/access/page-viewer";
import { changedQuery, type SearchParams } from "@/lib/base/query-string";
import { isoDateIn } from "@/lib/base/time";
import { listKeys } from "@/lib/keys/keys";
import { readGaps } from "@/lib/reconciliation/gaps";
import { readReconciliation } from "@/lib/reconciliation/read";
import { findOpenRun } from "@/lib/sync/open-run";
import { readDashboardView } from "@/lib/usage/present/dashboard-view";
import { listUsage } from "@/lib/usage/read/list-usage";
import { bookedNames } from "@/lib/usage/read/model-names";
import { comparableOf, isReadFromStart, readCoverage } from "@/lib/usage/read/read-coverage";
import { readDashboard, readModelsBefore } from "@/lib/usage/read/read-dashboard";
import { readHeatmap } from "@/lib/usage/read/read-heatmap";
import { readOutlook } from "@/lib/usage/read/read-outlook";
import { readUsageChart } from "@/lib/usage/read/read-usage-chart";
import { listViews } from "@/lib/views/views";
import { ChartCard } from "./chart-card";
import { Details } from "./details";
import { FilterBar } from "./filter-bar";
import { FirstRun } from "./first-run";
import { Gaps } from "./gaps";
import { NothingRead } from "./nothing-read";
import { StatCards } from "./stat-cards";

const MOST_KEYS = 1000;
const RECENT_ROWS = 10;

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("dashboard");
  return { title: t("title") };
}

export default async function DashboardPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await pageViewer("usage.read");
  const [params, t, format, { items: keys }] = await Promise.all([
    searchParams,
    getTranslations(),
    pageFormat(),
    listKeys(viewer, { page: 1, limit: MOST_KEYS }),
  ]);
  if (keys.length === 0) {
    return (
      <>
        <PageHeader title={t("dashboard.title")} />
        <FirstRun />
      </>
    );
  }

  const asked = readDashboardView(params, isoDateIn(new Date(), viewer.timezone));
  const [model] = await bookedNames(asked.model === undefined ? [] : [asked.model]);
  const view = { ...asked, model, key: keys.some(({ id }) => id === asked.key) ? asked.key : undefined };
  const filter = {
    ...(view.key !== undefined && { api_key_id: view.key }),
    ...(view.model !== undefined && { model: view.model }),
    ...(view.provider !== undefined && { provider: view.provider }),
  };
  const dates = { start_date: view.start_date, end_date: view.end_date, timezone: viewer.timezone };
  const words = {
    unknown: t("common.chart.unknown"),
    rest: (count: number) => t("common.chart.rest", { count }),
  };
  const [dashboard, coverage, chart, outlook, heat, recent, openRun, reconciliation, views, before, gaps] =
    await Promise.all([
      readDashboard(viewer, { ...dates, ...filter }),
      readCoverage(viewer, view.key),
      readUsageChart(viewer, view, viewer.timezone, words),
      readOutlook(viewer, filter),
      readHeatmap(viewer, { ...dates, ...filter, metric: view.metric }),
      listUsage(viewer, { ...dates, ...filter, page: 1, limit: RECENT_ROWS }),
      findOpenRun(viewer),
      readReconciliation(viewer),
      listViews(viewer),
      view.compare === "previous" ? readModelsBefore(viewer, { ...dates, ...filter }) : undefined,
      readGaps(viewer, filter),
    ]);
  const { period, previous } = dashboard;
  const modelsBefore = isReadFromStart(previous.period, coverage) ? before : undefined;
  const active = keys.filter((key) => key.is_active).length;
  const synced = dashboard.data_as_of;

  return (
    <ClientMessages of={["sync"]}>
      <PageHeader
        title={t("dashboard.title")}
        note={
          <>
            {t("dashboard.keys", { active })} · <LastSynced at={synced} />
          </>
        }
        actions={
          <>
            <SavedViews page="dashboard" query={changedQuery(params, {})} views={views} />
            <SyncPanel openRun={openRun} />
          </>
        }
      />
      {synced ? <Gaps gaps={gaps} /> : <NothingRead keys={keys} />}
      <FilterBar
        params={params}
        view={view}
        keys={keys}
        models={dashboard.by_model.flatMap(({ model }) => model ?? [])}
        providers={dashboard.by_provider.flatMap(({ provider }) => provider ?? [])}
        periodText={`${format.dayShort(view.start_date)} – ${format.dayShort(view.end_date)}`}
      />
      <StatCards
        days={period.days}
        now={dashboard.summary}
        before={comparableOf(previous.summary, previous.period, coverage)}
        outlook={outlook}
        keys={{ active, total: keys.length }}
      />
      <HalfHours of={period} />
      <ChartCard chart={chart} view={view} params={params} />
      <Details
        {...{ dashboard, view, params, heat, keys, reconciliation, modelsBefore }}
        timezone={viewer.timezone}
        recent={recent.items}
      />
    </ClientMessages>
  );
}
