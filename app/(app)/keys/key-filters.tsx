import { Search } from "lucide-react";
import { useTranslations } from "next-intl";
import { AutoSubmit } from "@/components/filters/auto-submit";
import { FilterForm } from "@/components/filters/filter-form";
import { HiddenParams } from "@/components/filters/hidden-params";
import { Button } from "@/components/ui/button";
import { inputLook } from "@/components/ui/field";
import type { SearchParams } from "@/lib/base/query-string";
import { KEY_STATES, type KeyParams } from "@/lib/keys/schema";

/** What chooses keys; all of it lives in the address. */
export function KeyFilters({ asked, params }: { asked: KeyParams; params: SearchParams }) {
  const t = useTranslations("keys");
  return (
    <FilterForm key={`${asked.q} ${asked.status}`} action="/keys" className="flex flex-wrap gap-2">
      <HiddenParams params={params} except={["q", "status", "page"]} />
      <div className="flex items-center gap-1 max-sm:w-full sm:w-64">
        <input
          type="search"
          name="q"
          aria-label={t("filter.search")}
          placeholder={t("filter.search")}
          defaultValue={asked.q}
          maxLength={100}
          className={inputLook}
        />
        <Button type="submit" variant="ghost" size="icon" aria-label={t("filter.submit")} title={t("filter.submit")}>
          <Search aria-hidden="true" className="size-4.5" />
        </Button>
      </div>
      <AutoSubmit button={t("filter.submit")}>
        <select
          name="status"
          aria-label={t("table.status")}
          defaultValue={asked.status ?? ""}
          className={`${inputLook} sm:w-auto sm:max-w-56`}
        >
          <option value="">{t("filter.everyStatus")}</option>
          {KEY_STATES.map((status) => (
            <option key={status} value={status}>
              {t(`status.${status}`)}
            </option>
          ))}
        </select>
      </AutoSubmit>
    </FilterForm>
  );
}
