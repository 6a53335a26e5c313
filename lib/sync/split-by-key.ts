import "server-only";
import { concurrently } from "@/lib/base/concurrently";
import type { AnalyticsRow } from "@/lib/openrouter/analytics";
import { UpstreamError } from "@/lib/openrouter/errors";
import { type Asking, ask } from "./asking";
import type { Slice } from "./plan";
import type { ListedKey } from "./roster";

/** Requests of one account under way at once; the pace of 64 a minute holds beside it. */
export const WIDTH = 4;

export type OwnedRow = AnalyticsRow & { apiKeyId: number };

/** What keys spent by their own account of it; the keys that could not be asked, with the reason; and those of which some rows could not be read. */
export type ByKey = { rows: OwnedRow[]; failures: Map<number, string>; unreadable: Set<number> };

/**
 * Asks for keys one by one by their hash, which is exact where names repeat. `provider` splits the rows by provider too, as long as OpenRouter keeps
 * it (31 days, hours only).
 */
export async function askByKey(
  asking: Asking,
  keys: readonly ListedKey[],
  slice: Slice,
  split: "provider" | "none",
): Promise<ByKey> {
  const found: ByKey = { rows: [], failures: new Map(), unreadable: new Set() };
  await concurrently(keys, WIDTH, async (key) => {
    try {
      const { rows, warnings, unreadable } = await askOne(asking, key, slice, split);
      // A hash that OpenRouter cannot resolve brings no rows and no error: nothing is known of the key then.
      const warning = warnings.find((text) => text.includes(key.hash));
      if (warning) found.failures.set(key.id, `OpenRouter does not know the key by its hash: ${warning.slice(0, 100)}`);
      if (rows.length > 0) asking.hashesMatch = true;
      if (unreadable.length > 0) found.unreadable.add(key.id);
      for (const row of rows) found.rows.push(Object.assign(row, { keyName: key.name, apiKeyId: key.id }));
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.reason === "unauthorized") throw error;
      found.failures.set(key.id, error.message);
    }
  });
  return found;
}

async function askOne(asking: Asking, key: ListedKey, slice: Slice, split: "provider" | "none") {
  const question = {
    granularity: slice.granularity,
    filters: [{ field: "api_key_id", operator: "eq" as const, value: key.hash }],
  };
  if (split === "none" || !hasProviders(asking, slice))
    return ask(asking, { ...question, dimensions: ["model"] }, slice);
  try {
    return await ask(asking, { ...question, dimensions: ["model", "provider"] }, slice);
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.reason !== "bad_request") throw error;
    return ask(asking, { ...question, dimensions: ["model"] }, slice);
  }
}

/** OpenRouter keeps providers for 31 days, which is as long as hours are. */
export const hasProviders = (asking: Asking, { granularity }: Slice): boolean =>
  granularity === "hour" && asking.vocabulary.hasDimension("provider");
