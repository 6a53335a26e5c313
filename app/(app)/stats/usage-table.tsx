import { columnVisibilityFeature, constructTable, createColumnHelper, tableFeatures } from "@tanstack/table-core";
import { storeReactivityBindings } from "@tanstack/table-core/store-reactivity-bindings";
import { getTranslations } from "next-intl/server";
import type { ComponentProps } from "react";
import { SortHead } from "@/components/ui/sort-head";
import { Table, Td } from "@/components/ui/table";
import type { SearchParams } from "@/lib/base/query-string";
import { type Column, columnsOf, type Group, isFigure } from "@/lib/usage/present/columns";
import type { StatsSort } from "@/lib/usage/present/stats-view";
import type { RowTexts } from "./row-texts";

type UsageTableProps = {
  rows: RowTexts[];
  totals: RowTexts;
  group: Group;
  hidden: Column[];
  sort: StatsSort;
  params: SearchParams;
};

const features = tableFeatures({ coreReactivityFeature: storeReactivityBindings(), columnVisibilityFeature });
const helper = createColumnHelper<typeof features, RowTexts>();

/**
 * Sorting, filtering, paging and the choice of columns live in the address, so the server has them; the table is made up there, too. A browser would
 * have to make up the same once more before the page can be used.
 */
export async function UsageTable({ rows, totals, group, hidden, sort, params }: UsageTableProps) {
  const t = await getTranslations("stats");
  const table = constructTable({
    features,
    columns: helper.columns(columnsOf(group).map((column) => helper.accessor(column, {}))),
    data: rows,
    state: { columnVisibility: Object.fromEntries(hidden.map((column) => [column, false])) },
  });
  const shown = table.getVisibleLeafColumns().map(({ id }) => id as Column);
  const labels = new Map(shown.map((column) => [column, t(`column.${column}`)]));
  const labelOf = (column: Column): string => labels.get(column) ?? "";
  return (
    <Table
      stacked
      label={t("table.label")}
      head={shown.map((column) => (
        <SortHead key={column} {...{ column, sort, params }} name={labelOf(column)} numeric={isFigure(column)} />
      ))}
      foot={
        <tr>
          {shown.map((column, index) => (
            <Td
              key={column}
              {...(isFigure(column) ? { numeric: true, label: labelOf(column) } : { wide: isLong(column) })}
            >
              {isFigure(column) ? totals[column] : index === 0 && t("table.totals")}
            </Td>
          ))}
        </tr>
      }
    >
      {table.getRowModel().rows.map((row) => (
        <tr key={row.id}>
          {row.getVisibleCells().map((cell) => (
            <Td key={cell.id} {...lookOf(cell.column.id as Column, labelOf(cell.column.id as Column))}>
              {String(cell.getValue())}
            </Td>
          ))}
        </tr>
      ))}
    </Table>
  );
}

/** On a phone: a model and a provider need a line each, a figure its label. */
const isLong = (column: Column): boolean => column === "model" || column === "provider";

/** Names may break, but not into single letters: rather the table scrolls. */
function lookOf(column: Column, label: string): ComponentProps<typeof Td> {
  if (isFigure(column)) return { numeric: true, label };
  if (column === "date") return { className: "whitespace-nowrap" };
  return { className: `wrap-break-word ${column === "model" ? "min-w-32" : "min-w-20"}`, wide: isLong(column) };
}
