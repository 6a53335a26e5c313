import { MEASURES, type MeasureColumn } from "@/lib/usage/measures";

const HELP: Partial<Record<MeasureColumn, string>> = {
  requests: "Requests.",
  tokens_input: "Input tokens.",
  tokens_output: "Output tokens.",
  tokens_reasoning: "Reasoning tokens, which are part of the output.",
  tokens_cached: "Input tokens that were read from the provider's cache.",
  cost: "Cost in US dollars.",
  byok_cost: "Estimated cost in US dollars at the providers whose keys are the user's own; not part of the cost.",
  byok_requests: "Requests with the user's own provider keys.",
};

export type Counter = { column: MeasureColumn; type: "bigint" | "text"; name: string; help: string };

/**
 * The measures that are exposed as counters: their column in the database, the type they are read as, name and help.
 */
export const COUNTERS: readonly Counter[] = MEASURES.flatMap(({ column, kind }) => {
  const help = HELP[column];
  if (help === undefined) return [];
  const isMoney = kind === "money";
  return [{ column, type: isMoney ? "text" : "bigint", name: isMoney ? `${column}_usd` : column, help }];
});

/** A list for a statement: what `write` makes of each counter's column, separated by commas (or by `separator`). */
export const eachCounter = (write: (column: MeasureColumn, counter: Counter) => string, separator = ", "): string =>
  COUNTERS.map((counter) => write(counter.column, counter)).join(separator);
