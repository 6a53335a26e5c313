import { useTranslations } from "next-intl";
import { Heatmap } from "@/components/charts/heatmap";
import { ShareDonut } from "@/components/charts/share-donut";
import { type Share, ShareList } from "@/components/charts/share-list";
import { ReconciliationBox } from "@/components/keys/reconciliation-box";
import { Card } from "@/components/ui/card";
import { Link } from "@/components/ui/link";
import { useFormat } from "@/i18n/use-format";
import { addMoney } from "@/lib/base/money";
import { changedQuery, type SearchParams } from "@/lib/base/query-string";
import { healthOf } from "@/lib/keys/health";
import type { KeyView } from "@/lib/keys/schema";
import type { Reconciliation } from "@/lib/reconciliation/schema";
import type { DashboardView } from "@/lib/usage/present/dashboard-view";
import { measureFormat } from "@/lib/usage/present/format-measure";
import type { UsageItem } from "@/lib/usage/read/list-usage";
import type { readDashboard } from "@/lib/usage/read/read-dashboard";
import type { HeatCell } from "@/lib/usage/read/read-heatmap";
import { KeyHealth } from "./key-health";
import { ModelTable } from "./model-table";
import { RecentUsage } from "./recent-usage";

type DetailsProps = {
  dashboard: Awaited<ReturnType<typeof readDashboard>>;
  view: DashboardView;
  params: SearchParams;
  heat: HeatCell[];
  keys: KeyView[];
  timezone: string;
  recent: UsageItem[];
  reconciliation: Reconciliation;
  /** Cost (USD) per model in the period before, where the two are compared. */
  modelsBefore: Map<string | null, number> | undefined;
};

const MOST_SHARES = 6;

type Line = { label: string; href: string | null; cost: number; percentage_cost: number | null };

/** The largest shares and what remains, so that the ring is whole. What was refunded has no part of a ring. */
function slicesOf(lines: Line[], others: string) {
  const rest = Number(lines.slice(MOST_SHARES).reduce((sum, { cost }) => addMoney(sum, String(cost)), "0"));
  const slices = lines
    .slice(0, MOST_SHARES)
    .map(({ label, href, cost }) => ({ name: label, value: cost, href, isRest: false }));
  return [...slices, { name: others, value: rest, href: null, isRest: true }].filter(({ value }) => value > 0);
}

/** A Monday and the days after it. */
const WEEK = ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05", "2024-01-06", "2024-01-07"];

/** What stands under the chart: shares, tables, hours of the week, state of the keys. */
export function Details({ dashboard, view, params, heat, keys, timezone, recent, ...compared }: DetailsProps) {
  const { reconciliation, modelsBefore } = compared;
  const t = useTranslations("dashboard");
  const unknown = useTranslations("common.chart")("unknown");
  const format = useFormat();
  const nothing = <p className="text-sm text-muted">{t("share.none")}</p>;
  const { full } = measureFormat(format, view.metric);

  const shares = (title: "models" | "keys" | "providers", lines: Line[]) => (
    <Card late title={t(`share.${title}`)} note={t("share.of")}>
      {title === "models" && lines.length > 1 && (
        <ShareDonut slices={slicesOf(lines, t("share.others"))} total={format.money(dashboard.summary.total_cost)} />
      )}
      <ShareList
        label={t(`share.${title}`)}
        empty={t("share.none")}
        shares={lines.slice(0, MOST_SHARES).map(
          ({ label, href, cost, percentage_cost: percent }): Share => ({
            label,
            href,
            value: format.money(cost),
            share: format.percent(percent),
            percent: Math.min(100, Math.max(0, percent ?? 0)),
          }),
        )}
        note={lines.length > MOST_SHARES && t("share.more", { count: lines.length - MOST_SHARES })}
      />
    </Card>
  );
  // What an account spent through no key that is known stands on its management key.
  const accounts = new Set(keys.filter((key) => key.kind === "management").map((key) => key.id));
  const { start_date: start, end_date: end, key = null, model = null, provider = null } = view;

  return (
    <div className="grid gap-6 lg:grid-cols-6 [&>*]:lg:col-span-6 [&>*]:min-[90rem]:col-span-3">
      <div className="grid gap-6 md:grid-cols-2 md:[&>:first-child]:col-span-2 lg:!col-span-6 xl:grid-cols-3 xl:[&>:first-child]:col-span-1">
        {shares(
          "models",
          dashboard.by_model.map((row) => ({
            ...row,
            label: row.model ?? unknown,
            href: row.model && changedQuery(params, { model: row.model }),
          })),
        )}
        {shares(
          "keys",
          dashboard.by_key.map((row) => ({
            ...row,
            label: accounts.has(row.api_key_id)
              ? t("share.unattributed", { name: row.api_key_name })
              : row.api_key_name,
            href: changedQuery(params, { key: row.api_key_id }),
          })),
        )}
        {shares(
          "providers",
          dashboard.by_provider.map((row) => ({
            ...row,
            label: row.provider ?? unknown,
            href: row.provider && changedQuery(params, { provider: row.provider }),
          })),
        )}
      </div>
      <Card late title={t("models.title")}>
        {dashboard.top_models.length > 0 ? (
          <ModelTable
            models={dashboard.top_models}
            before={modelsBefore}
            hrefOf={(model) => changedQuery(params, { model })}
          />
        ) : (
          nothing
        )}
      </Card>
      <Card
        late
        title={t("recent.title")}
        actions={
          <Link
            href={`/stats${changedQuery({}, { start, end, key, model, provider })}`}
            className="text-sm text-accent hover:underline"
          >
            {t("recent.all")}
          </Link>
        }
      >
        {recent.length > 0 ? <RecentUsage items={recent} /> : nothing}
      </Card>
      <Card
        late
        className="lg:!col-span-6"
        title={t("heatmap.title")}
        note={t("heatmap.note", { metric: t(`chart.${view.metric}`), timezone })}
      >
        {heat.length > 0 ? (
          <Heatmap
            cells={heat}
            label={t("heatmap.title")}
            weekdays={WEEK.map(format.weekday)}
            hourLabel={(hour) => String(hour).padStart(2, "0")}
            valueText={full}
          />
        ) : (
          <p className="text-sm text-muted">{t("heatmap.none")}</p>
        )}
      </Card>
      <Card late className="lg:!col-span-3" title={t("reconciliation.title")}>
        <ReconciliationBox of={reconciliation.total} />
      </Card>
      <Card late className="lg:!col-span-3" title={t("health.title")}>
        <KeyHealth health={healthOf(keys, new Date())} />
      </Card>
    </div>
  );
}
