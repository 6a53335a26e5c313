import "server-only";
import { concurrently } from "@/lib/base/concurrently";
import { filterNamesOf } from "@/lib/models/names";
import type { AnalyticsRow, Answer } from "@/lib/openrouter/analytics";
import { UpstreamError } from "@/lib/openrouter/errors";
import { type Asking, ask } from "./asking";
import { compareCells, rowsOf } from "./cells";
import type { Slice } from "./plan";
import { WIDTH } from "./split-by-key";

/**
 * Asks for models one by one, over all keys, split by one more dimension. Which of a model's names filters take is not settled, so all of
 * them are given; a filter that matches nothing brings nothing and no error. Where filters are refused, nothing is split.
 */
export async function askByModel(
  asking: Asking,
  models: readonly string[],
  slice: Slice,
  dimensions: string[],
): Promise<AnalyticsRow[]> {
  const found: AnalyticsRow[] = [];
  await concurrently(models, WIDTH, async (model) => {
    const filters = [{ field: "model", operator: "in" as const, value: filterNamesOf(asking.models, model) }];
    try {
      const { rows } = await ask(asking, { dimensions, granularity: slice.granularity, filters }, slice);
      for (const row of rows) found.push(Object.assign(row, { model }));
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.reason === "unauthorized") throw error;
    }
  });
  return found;
}

export const modelsOf = (rows: readonly AnalyticsRow[]): string[] => [
  ...new Set(rows.map(({ model }) => model).filter((model) => model !== null)),
];

const cellOfKey = ({ hour, keyName }: AnalyticsRow): string => `${hour.getTime()} ${keyName}`;

/**
 * Keys and models of a single bucket that OpenRouter truncates: the keys are asked for undivided, the models one by one, and what these do not explain
 * has no model. `unsplit` counts such cells.
 */
export async function askBucketByModel(asking: Asking, slice: Slice): Promise<Answer & { unsplit: number }> {
  const { granularity } = slice;
  const undivided = await ask(asking, { dimensions: ["api_key_id"], granularity }, slice);
  const models = modelsOf((await ask(asking, { dimensions: ["model"], granularity }, slice)).rows);
  const cells = compareCells(undivided.rows, await askByModel(asking, models, slice, ["api_key_id"]), cellOfKey);
  return {
    ...undivided,
    rows: cells.flatMap(rowsOf),
    unsplit: cells.filter(({ rest }) => rest !== null).length,
  };
}
