import { CalendarDays, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { AutoSubmit } from "@/components/filters/auto-submit";
import { FilterForm } from "@/components/filters/filter-form";
import { HiddenParams } from "@/components/filters/hidden-params";
import { SegmentedLinks } from "@/components/filters/segmented-links";
import { Dropdown } from "@/components/shell/dropdown";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Link } from "@/components/ui/link";
import { changedQuery, type SearchParams } from "@/lib/base/query-string";
import type { DashboardView } from "@/lib/usage/present/dashboard-view";
import { PRESETS } from "@/lib/usage/presets";

type FilterBarProps = {
  params: SearchParams;
  view: DashboardView;
  keys: { id: number; name: string }[];
  models: string[];
  providers: string[];
  periodText: string;
};

const SELECT =
  "min-h-10 max-w-full min-w-0 max-sm:w-full rounded-lg border border-line-strong bg-surface px-3 text-sm sm:max-w-56";

/** Period, key and model: all of it in the address. */
export function FilterBar({ params, view, keys, models, providers, periodText }: FilterBarProps) {
  const t = useTranslations("dashboard.filter");
  const isFiltered = (view.key ?? view.model ?? view.provider) !== undefined;
  return (
    <div className="mb-6 flex flex-wrap items-center gap-2">
      <SegmentedLinks
        label={t("period")}
        segments={PRESETS.map((preset) => ({
          href: changedQuery(params, { period: preset, start: null, end: null, interval: null }),
          label: t(`preset.${preset}`),
          isCurrent: view.period === preset,
        }))}
      />
      <Dropdown
        label={t("custom")}
        className="relative"
        summaryClass={`flex min-h-9 items-center gap-2 rounded-lg px-3 text-sm hover:bg-sunken ${view.period === "custom" ? "bg-accent-soft text-accent" : ""}`}
        summary={
          <>
            <CalendarDays aria-hidden="true" className="size-4" />
            {view.period === "custom" ? periodText : t("custom")}
          </>
        }
      >
        <FilterForm
          action="/dashboard"
          className="absolute top-full left-0 z-20 mt-2 grid w-64 gap-3 rounded-xl border border-line bg-surface p-4 shadow-lg"
        >
          <HiddenParams params={params} except={["period", "start", "end", "interval"]} />
          <input type="hidden" name="period" value="custom" />
          <Field type="date" name="start" label={t("start")} required defaultValue={view.start_date} />
          <Field type="date" name="end" label={t("end")} required defaultValue={view.end_date} />
          <Button type="submit" variant="primary">
            {t("apply")}
          </Button>
        </FilterForm>
      </Dropdown>
      <FilterForm action="/dashboard" className="flex min-w-0 flex-wrap gap-2 max-sm:w-full">
        <HiddenParams params={params} except={["key", "model", "provider"]} />
        <AutoSubmit button={t("apply")}>
          <select
            key={`key-${view.key}`}
            name="key"
            aria-label={t("key")}
            defaultValue={view.key ?? ""}
            className={SELECT}
          >
            <option value="">{t("allKeys")}</option>
            {keys.map((key) => (
              <option key={key.id} value={key.id}>
                {key.name}
              </option>
            ))}
          </select>
          <NameSelect name="model" label={t("model")} all={t("allModels")} chosen={view.model} names={models} />
          <NameSelect
            name="provider"
            label={t("provider")}
            all={t("allProviders")}
            chosen={view.provider}
            names={providers}
          />
        </AutoSubmit>
      </FilterForm>
      {isFiltered && (
        <Link
          href={changedQuery(params, { key: null, model: null, provider: null })}
          className="flex min-h-9 items-center gap-1.5 rounded-lg px-2.5 text-sm text-accent hover:bg-sunken"
        >
          <X aria-hidden="true" className="size-4" />
          {t("clear")}
        </Link>
      )}
    </div>
  );
}

type NameSelectProps = { name: string; label: string; all: string; chosen: string | undefined; names: string[] };

/** A choice among names; the chosen one is among them even where the period has none of it. */
function NameSelect({ name, label, all, chosen, names }: NameSelectProps) {
  return (
    <select key={`${name}-${chosen}`} name={name} aria-label={label} defaultValue={chosen ?? ""} className={SELECT}>
      <option value="">{all}</option>
      {[...new Set([...(chosen ? [chosen] : []), ...names])].map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </select>
  );
}
