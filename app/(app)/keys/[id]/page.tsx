import { ArrowLeft } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { HalfHours } from "@/components/charts/half-hours";
import { UsageChart } from "@/components/charts/usage-chart";
import { KeyActions } from "@/components/keys/key-actions";
import { ReconciliationBox } from "@/components/keys/reconciliation-box";
import { RequestTable } from "@/components/live/request-table";
import { SyncPanel } from "@/components/sync/sync-panel";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { PageHeader } from "@/components/ui/page-header";
import { ClientMessages } from "@/i18n/client-messages";
import { pageFormat } from "@/i18n/format";
import { pageViewer } from "@/lib/access/page-viewer";
import type { Viewer } from "@/lib/access/viewer";
import { AppError } from "@/lib/base/errors";
import { isoDateIn } from "@/lib/base/time";
import { listRecentRequests } from "@/lib/broadcast/recent";
import { getKey } from "@/lib/keys/keys";
import { KeyId, type KeyView } from "@/lib/keys/schema";
import { readKeyReconciliation } from "@/lib/reconciliation/read";
import { getTeam } from "@/lib/teams/team";
import { selectedPeriod } from "@/lib/usage/period";
import { datesOfPreset } from "@/lib/usage/presets";
import { listUsage } from "@/lib/usage/read/list-usage";
import { readUsageChart } from "@/lib/usage/read/read-usage-chart";
import { RecentUsage } from "../../dashboard/recent-usage";
import { KeyFacts } from "./key-facts";
import { PeopleSwitch } from "./people-switch";

type KeyPageProps = { params: Promise<{ id: string }> };

const RECENT_ROWS = 15;
const RECENT_REQUESTS = 20;

/** The key of the address; one that is not the viewer's is as good as none. */
async function keyOf(viewer: Viewer, { params }: KeyPageProps): Promise<KeyView> {
  const given = KeyId.safeParse(await params);
  if (!given.success) notFound();
  return getKey(viewer, given.data).catch((error: unknown) => {
    if (error instanceof AppError) notFound();
    throw error;
  });
}

export async function generateMetadata(props: KeyPageProps): Promise<Metadata> {
  return { title: (await keyOf(await pageViewer("keys.read"), props)).name };
}

export default async function KeyPage(props: KeyPageProps) {
  const viewer = await pageViewer("keys.read");
  const [key, t, format] = await Promise.all([keyOf(viewer, props), getTranslations(), pageFormat()]);
  const dates = datesOfPreset("30d", isoDateIn(new Date(), viewer.timezone));
  const view = {
    ...dates,
    metric: "cost",
    by: "model",
    interval: "day",
    compare: "none",
    key: key.id,
    model: undefined,
    provider: undefined,
  } as const;
  const words = { unknown: t("common.chart.unknown"), rest: (count: number) => t("common.chart.rest", { count }) };
  const [chart, recent, requests, account, comparison, team] = await Promise.all([
    readUsageChart(viewer, view, viewer.timezone, words),
    listUsage(viewer, { ...dates, timezone: viewer.timezone, api_key_id: key.id, page: 1, limit: RECENT_ROWS }),
    listRecentRequests(viewer, { key_id: key.id }),
    key.management_key_id === null ? null : getKey(viewer, { id: key.management_key_id }),
    readKeyReconciliation(viewer, { id: key.id }),
    key.kind === "management" ? getTeam(viewer) : null,
  ]);
  return (
    <ClientMessages of={["keys", "sync"]}>
      <Link href="/keys" className="mb-3 inline-flex min-h-8 items-center gap-1.5 text-sm text-accent hover:underline">
        <ArrowLeft aria-hidden="true" className="size-4" />
        {t("keys.detail.back")}
      </Link>
      <PageHeader
        title={key.name}
        note={key.description}
        actions={key.is_active && <SyncPanel openRun={null} keyId={key.id} />}
      />
      {key.measured_by === "sample" && (
        <div className="mb-6">
          <Notice title={t("keys.detail.sampled.title")} dismissible={false}>
            {t.rich("keys.detail.sampled.text", {
              keys: (text) => (
                <Link href="/keys" className="underline underline-offset-2">
                  {text}
                </Link>
              ),
            })}
          </Notice>
        </div>
      )}
      <HalfHours of={selectedPeriod({ ...dates, timezone: viewer.timezone })} />
      <div className="grid gap-6 lg:grid-cols-3">
        <div className="space-y-6 lg:col-span-2">
          <Card
            title={t("keys.detail.usage")}
            actions={
              <ButtonLink variant="secondary" size="small" href={`/dashboard?key=${key.id}`}>
                {t("keys.detail.open")}
              </ButtonLink>
            }
          >
            {chart.series.length > 0 ? (
              <UsageChart
                chart={chart}
                metric="cost"
                interval="day"
                summary={t("dashboard.chart.summary", {
                  metric: t("dashboard.chart.cost"),
                  start: format.day(dates.start_date),
                  end: format.day(dates.end_date),
                  total: format.money(chart.total),
                })}
              />
            ) : (
              <EmptyState title={t(`keys.detail.${chart.isUnknown ? "unread" : "noUsage"}`)} />
            )}
          </Card>
          {recent.items.length > 0 && (
            <Card late title={t("keys.detail.requests")}>
              <RecentUsage items={recent.items} ofOneKey />
            </Card>
          )}
          {requests.length > 0 && (
            <Card
              late
              title={t("keys.detail.single")}
              actions={
                <ButtonLink variant="secondary" size="small" href={`/live?key_id=${key.id}`}>
                  {t("keys.detail.watch")}
                </ButtonLink>
              }
            >
              <RequestTable requests={requests.slice(0, RECENT_REQUESTS)} ofOneKey />
            </Card>
          )}
        </div>
        <div className="space-y-6">
          <Card late title={t("keys.detail.facts")}>
            <KeyFacts of={key} account={account} />
          </Card>
          {comparison && (
            <Card late title={t("dashboard.reconciliation.title")}>
              <ReconciliationBox of={comparison} />
            </Card>
          )}
          {team && (
            <Card late title={t("keys.detail.people.title")}>
              <PeopleSwitch isOn={team.reads_people} />
            </Card>
          )}
          <Card late title={t("keys.detail.danger")}>
            <KeyActions of={key} ownPage />
          </Card>
        </div>
      </div>
    </ClientMessages>
  );
}
