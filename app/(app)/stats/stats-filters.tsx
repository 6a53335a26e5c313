import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { FilterForm } from "@/components/filters/filter-form";
import { HiddenParams } from "@/components/filters/hidden-params";
import { type Choice, MultiChoice } from "@/components/filters/multi-choice";
import { SegmentedLinks } from "@/components/filters/segmented-links";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Link } from "@/components/ui/link";
import { changedQuery, type SearchParams } from "@/lib/base/query-string";
import { GROUPS } from "@/lib/usage/present/columns";
import type { StatsView } from "@/lib/usage/present/stats-view";
import { PRESETS } from "@/lib/usage/presets";

type StatsFiltersProps = {
  params: SearchParams;
  view: StatsView;
  keys: { id: number; name: string }[];
  models: string[];
  providers: string[];
};

const asChoices = (values: string[]): Choice[] => values.map((value) => ({ value, label: value }));

/** Everything that chooses rows; it all lives in the address. */
export function StatsFilters({ params, view, keys, models, providers }: StatsFiltersProps) {
  const t = useTranslations("stats");
  const summary = (chosen: unknown[]) =>
    chosen.length > 0 ? t("filter.chosen", { count: chosen.length }) : t("filter.all");
  const isFiltered = view.key.length + view.model.length + view.provider.length > 0;
  return (
    <div className="mb-6 space-y-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <SegmentedLinks
          label={t("filter.period")}
          segments={PRESETS.map((preset) => ({
            href: changedQuery(params, { period: preset, start: null, end: null, page: null }),
            label: t(`filter.preset.${preset}`),
            isCurrent: view.period === preset,
          }))}
        />
        <div className="flex flex-wrap items-center gap-2">
          <span className="text-sm text-muted">{t("filter.group")}</span>
          <SegmentedLinks
            label={t("filter.group")}
            segments={GROUPS.map((group) => ({
              href: changedQuery(params, { group: group === "none" ? null : group, sort: null, page: null }),
              label: t(`group.${group}`),
              isCurrent: view.group === group,
            }))}
          />
        </div>
      </div>
      <FilterForm key={JSON.stringify(params)} action="/stats" className="flex flex-wrap items-end gap-2">
        <HiddenParams params={params} except={["period", "start", "end", "key", "model", "provider", "page"]} />
        <Field type="date" name="start" label={t("filter.start")} required defaultValue={view.start_date} />
        <Field type="date" name="end" label={t("filter.end")} required defaultValue={view.end_date} />
        <MultiChoice
          name="key"
          label={t("filter.keys")}
          summary={summary(view.key)}
          choices={keys.map(({ id, name }) => ({ value: String(id), label: name }))}
          chosen={view.key.map(String)}
        />
        <MultiChoice
          name="model"
          label={t("filter.models")}
          summary={summary(view.model)}
          choices={asChoices(models)}
          chosen={view.model}
        />
        <MultiChoice
          name="provider"
          label={t("filter.providers")}
          summary={summary(view.provider)}
          choices={asChoices(providers)}
          chosen={view.provider}
        />
        <Button type="submit">{t("filter.apply")}</Button>
        {isFiltered && (
          <Link
            href={changedQuery(params, { key: null, model: null, provider: null, page: null })}
            className="flex min-h-10 items-center gap-1.5 rounded-lg px-2.5 text-sm text-accent hover:bg-sunken"
          >
            <X aria-hidden="true" className="size-4" />
            {t("filter.clear")}
          </Link>
        )}
      </FilterForm>
    </div>
  );
}
