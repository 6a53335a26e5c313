import { useTranslations } from "next-intl";
import { FilterForm } from "@/components/filters/filter-form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { SelectField } from "@/components/ui/select";
import type { AuditParams } from "@/lib/audit/schema";
import { useActionName } from "./use-action-name";

type Props = { asked: AuditParams; actions: string[]; people: { id: number; email: string }[] };

/** What chooses events; all of it lives in the address. */
export function AuditFilters({ asked, actions, people }: Props) {
  const t = useTranslations("audit");
  const nameOf = useActionName();
  const everything = { value: "", label: t("filter.all") };
  return (
    <FilterForm key={JSON.stringify(asked)} action="/audit" className="mb-6 flex flex-wrap items-end gap-2">
      <SelectField
        name="action"
        label={t("filter.action")}
        defaultValue={asked.action ?? ""}
        options={[everything, ...actions.map((action) => ({ value: action, label: nameOf(action) }))]}
      />
      <SelectField
        name="user"
        label={t("filter.who")}
        defaultValue={asked.user ?? ""}
        options={[
          { value: "", label: t("filter.anybody") },
          ...people.map(({ id, email }) => ({ value: String(id), label: email })),
        ]}
      />
      <Field type="date" name="start" label={t("filter.start")} defaultValue={asked.start} />
      <Field type="date" name="end" label={t("filter.end")} defaultValue={asked.end} />
      <Button type="submit">{t("filter.apply")}</Button>
    </FilterForm>
  );
}
