import "server-only";
import { sql } from "@/db/client";
import type { TeamReader } from "@/lib/auth/viewer";
import { inTurn } from "@/lib/export/in-turn";
import { exportStream } from "@/lib/export/stream";
import type { ExportFormat } from "./columns";
import { selectedPeriod } from "./period";
import { asked, checkKeyFilter, contextColumns } from "./rows";
import { orderOf, type Selection, selectedUsage } from "./usage";

const ROWS_AT_ONCE = 500;

const COLUMNS = [
  "date",
  "api_key_id",
  "api_key_name",
  "model",
  "provider",
  "requests",
  "tokens_input",
  "tokens_output",
  "cost",
] as const;

type ExportRow = Record<(typeof COLUMNS)[number], string | number | null>;

/**
 * Every selected row as an attachment, read by a cursor so that memory stays the same however many there are. Cost is exact decimal USD;
 * what was not reported is an empty cell or null.
 */
export async function exportUsage(viewer: TeamReader, input: Selection & { format: ExportFormat }): Promise<Response> {
  const period = selectedPeriod(input);
  const [context] = await asked(
    sql()<
      { key_team: number | null }[]
    >`select now() at time zone ${period.timezone}, ${contextColumns(viewer, input)}`,
  );
  checkKeyFilter(viewer, input, context?.key_team);
  const rows = sql()<ExportRow[]>`
    select ${sql()(COLUMNS)} from (${selectedUsage(viewer, period, input)}) selected order by ${orderOf()}`.cursor(
    ROWS_AT_ONCE,
  );
  const name = `usage_${period.start_date}_${period.end_date}.${input.format}`;
  return exportStream(await inTurn(viewer.teamId, rows), {
    columns: COLUMNS,
    exactNumbers: ["cost"],
    format: input.format,
    name,
  });
}
