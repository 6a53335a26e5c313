import { z } from "zod";

/**
 * A backup is gzip of lines: the header; for each table its own line, its rows as PostgreSQL's COPY text, a line `\.`, and a line with count and checksum;
 * a last line that says that nothing is missing. `zcat` shows it.
 */
export const FORMAT = "openrouter-monitor backup 1";

export const TableLine = z.object({ table: z.string(), columns: z.array(z.string()).min(1) });
export type Table = z.output<typeof TableLine>;

const Sequence = z.object({ table: z.string(), column: z.string(), next: z.string().regex(/^\d+$/) });
export type Sequence = z.output<typeof Sequence>;

export const Header = z.object({
  format: z.literal(FORMAT, "This is not a backup of OpenRouter Monitor, or one of a newer version"),
  version: z.string(),
  created_at: z.iso.datetime(),
  /** Hashes of the migrations that the database had, oldest first: its level. */
  migrations: z.array(z.string()),
  sequences: z.array(Sequence),
});
export type Header = z.output<typeof Header>;

/** `sha256`: of the rows as they stand in the file. */
export const TableEnd = z.object({ rows: z.int(), sha256: z.hex() });
export const FileEnd = z.object({ tables: z.int() });

/** The line after a table's rows: COPY's own mark, which no row can look like. */
export const END_OF_ROWS = "\\.";

export const toLine = (value: object): string => `${JSON.stringify(value)}\n`;
