import { z } from "zod";

/** How a table is written as a file. Safe for the browser. */

export const FORMATS = ["csv", "json", "ndjson", "xlsx"] as const;

export const SEPARATORS = { comma: ",", semicolon: ";", tab: "\t" } as const;
export const DECIMALS = { point: ".", comma: "," } as const;

const names = <Name extends string>(marks: Record<Name, string>) => Object.keys(marks) as [Name, ...Name[]];

/** The parameters of a file, for the query of a door. By default: plain UTF-8 and commas (RFC 4180). */
export const FileQuery = z.object({
  format: z.enum(FORMATS).default("csv"),
  bom: z
    .enum(["true", "false"])
    .default("false")
    .transform((bom) => bom === "true")
    .describe("CSV: starts with a byte order mark, without which Excel does not read UTF-8"),
  separator: z.enum(names(SEPARATORS)).default("comma").describe("CSV: between cells"),
  decimal: z.enum(names(DECIMALS)).default("point").describe("CSV: in numbers; a comma needs another separator"),
});

type File = z.output<typeof FileQuery>;

/** Options of a file; the defaults hold for what is left out. */
export type FileOptions = Pick<File, "format"> & {
  [Option in Exclude<keyof File, "format">]?: File[Option] | undefined;
};

/** A refinement: the decimal mark must differ from the separator. */
export const withDistinctMarks = [
  ({ separator, decimal }: Pick<File, "separator" | "decimal">) => SEPARATORS[separator] !== DECIMALS[decimal],
  { path: ["decimal"], message: "comma needs separator=semicolon or separator=tab" },
] satisfies Parameters<typeof FileQuery.refine>;
