import "server-only";
import { sql } from "@/db/client";
import { withTimezoneErrors } from "@/db/timezone";
import type { TeamReader } from "@/lib/access/viewer";
import { type ExportedFile, exportFile } from "@/lib/export/file";
import { inTurn } from "@/lib/export/in-turn";
import type { FileOptions } from "@/lib/export/schema";
import type { Table } from "@/lib/export/table";
import { MEASURE_COLUMNS } from "@/lib/usage/measures";
import { selectedPeriod } from "@/lib/usage/period";
import { columnType, type UsageColumn } from "@/lib/usage/present/columns";
import type { StatsSort } from "@/lib/usage/present/stats-view";
import type { ExportQuery } from "@/lib/usage/schema";
import { breakdownTable, performanceTable } from "./detail-tables";
import { readSelection, type Selected } from "./list-selection";
import { checkKeyFilter, contextColumns } from "./rows";

/** The columns of the contract come first, in its order; further measures follow. */
const FIRST: readonly UsageColumn[] = [
  "date",
  "api_key_id",
  "api_key_name",
  "model",
  "provider",
  "requests",
  "tokens_input",
  "tokens_output",
  "cost",
];
const COLUMNS = [...FIRST, ...MEASURE_COLUMNS.filter((column) => !FIRST.includes(column))];

type Query = Pick<ExportQuery, "start_date" | "end_date"> & Partial<ExportQuery> & FileOptions;

/** A selection of usage as a table; `labelOf` names its columns in workbooks. */
export function usageTable<Shown extends UsageColumn>(
  viewer: TeamReader,
  input: Selected & { sort: StatsSort },
  columns: readonly Shown[],
  labelOf: (column: Shown) => string = String,
): Table {
  return {
    title: "Usage",
    columns: columns.map((name) => ({ name, type: columnType(name), label: labelOf(name) })),
    rows: readSelection(viewer, input, columns),
  };
}

/**
 * Exports every selected row for programs; not reported = null or an empty cell. Refuses a filter by another team's key
 * (403) and by no key (404).
 */
export async function exportUsage(viewer: TeamReader, input: Query): Promise<ExportedFile> {
  const { kind = "usage", start_date, end_date } = input;
  const { timezone } = selectedPeriod(input);
  const [context] = await withTimezoneErrors(
    sql()<{ key_team: number | null }[]>`select now() at time zone ${timezone}, ${contextColumns(viewer, input)}`,
  );
  checkKeyFilter(viewer, input, context?.key_team);
  const table = tableOf(viewer, input);
  const rows = await inTurn(viewer.teamId, table.rows);
  return exportFile({ ...table, rows }, `${kind}_${start_date}_${end_date}`, input);
}

function tableOf(viewer: TeamReader, input: Query): Table {
  const { kind, start_date, end_date, timezone = "UTC", group_by, api_key_id, model, format } = input;
  const selected = {
    ...{ start_date, end_date, timezone },
    key: api_key_id === undefined ? [] : [api_key_id],
    model: model === undefined ? [] : [model],
  };
  if (kind === "performance") return performanceTable(viewer, selected, format);
  if (kind === "breakdown") return breakdownTable(viewer, selected);
  const group = group_by === "hour" ? "hour" : "none";
  return usageTable(viewer, { ...selected, provider: [], group, sort: "-date" }, COLUMNS);
}
