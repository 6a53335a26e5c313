"use client";
import { columnVisibilityFeature, createColumnHelper, tableFeatures, useTable } from "@tanstack/react-table";
import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { PendingMark } from "@/components/shell/pending-mark";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { type Column, columnsOf, type Group, isFigure } from "@/lib/usage/columns";
import type { StatsSort } from "@/lib/usage/stats-view";
import type { RowTexts } from "./row-texts";

type UsageTableProps = {
  rows: RowTexts[];
  totals: RowTexts;
  group: Group;
  hidden: Column[];
  sort: StatsSort;
  /** The address that sorts by a column. */
  sortHrefs: Record<Column, string>;
};

/** Sorting, filtering and paging are the server's; the table's own part is its columns. */
const features = tableFeatures({ columnVisibilityFeature });
const helper = createColumnHelper<typeof features, RowTexts>();

export function UsageTable({ rows, totals, group, hidden, sort, sortHrefs }: UsageTableProps) {
  const t = useTranslations("stats");
  const columns = useMemo(() => helper.columns(columnsOf(group).map((column) => helper.accessor(column, {}))), [group]);
  const columnVisibility = Object.fromEntries(hidden.map((column) => [column, false]));
  const table = useTable({ features, columns, data: rows, state: { columnVisibility } });
  const shown = table.getVisibleLeafColumns();
  return (
    <Table
      stacked
      label={t("table.label")}
      head={shown.map(({ id }) => (
        <SortHead key={id} column={id as Column} sort={sort} href={sortHrefs[id as Column]} />
      ))}
      foot={
        <tr>
          {shown.map(({ id }, index) => (
            <Td key={id} numeric={isFigure(id)} {...standing(id, t)}>
              {isFigure(id) ? totals[id as Column] : index === 0 && t("table.totals")}
            </Td>
          ))}
        </tr>
      }
    >
      {table.getRowModel().rows.map((row) => (
        <Tr key={row.id}>
          {row.getVisibleCells().map((cell) => (
            <Td
              key={cell.id}
              numeric={isFigure(cell.column.id)}
              className={nameLook(cell.column.id)}
              {...standing(cell.column.id, t)}
            >
              {String(cell.getValue())}
            </Td>
          ))}
        </Tr>
      ))}
    </Table>
  );
}

/** On a phone: a model and a provider need a line each, a figure its label. */
const standing = (column: string, t: (key: `column.${Column}`) => string) =>
  isFigure(column) ? { label: t(`column.${column as Column}`) } : { wide: column === "model" || column === "provider" };

/** Names may break, but not into single letters: rather the table scrolls. */
function nameLook(column: string): string {
  if (isFigure(column)) return "";
  if (column === "date") return "whitespace-nowrap";
  return `wrap-break-word ${column === "model" ? "min-w-32" : "min-w-20"}`;
}

function SortHead({ column, sort, href }: { column: Column; sort: StatsSort; href: string }) {
  const t = useTranslations("stats");
  const isSorted = sort.replace("-", "") === column;
  const direction = sort.startsWith("-") ? "descending" : "ascending";
  const Icon = isSorted ? (direction === "descending" ? ArrowDown : ArrowUp) : ChevronsUpDown;
  const next = isSorted && direction === "descending" ? "ascending" : "descending";
  const name = t(`column.${column}`);
  return (
    <Th numeric={isFigure(column)} aria-sort={isSorted ? direction : undefined}>
      <Link
        href={href}
        scroll={false}
        prefetch={false}
        title={t(`sort.${next}`, { column: name })}
        className="inline-flex min-h-6 items-center gap-1 hover:text-ink"
      >
        {name}
        <Icon aria-hidden="true" className={`size-3.5 ${isSorted ? "text-accent" : "opacity-50"}`} />
        <PendingMark />
      </Link>
    </Th>
  );
}
