import "server-only";
import type { AnalyticsRow } from "@/lib/openrouter/analytics";
import { UpstreamError } from "@/lib/openrouter/errors";
import { type Asking, ask } from "./asking";
import { type Attribution, nameOf } from "./attribution";
import { soleOwner } from "./names";
import { hasProviders } from "./split-by-key";
import { modelsOf } from "./split-by-model";

/** More names than these are not shared with unlisted keys: a filter that brings so many was not understood. */
const MOST_SHARED = 64;

/**
 * Which names' keys are asked by hash: all of them where that is the cheaper way to their providers, else those whose name may mean several. A listed key
 * may share its name with a source that OpenRouter does not list (an app's key, the chat room).
 */
export async function planSplit(
  asking: Asking,
  attribution: Attribution,
  rows: readonly AnalyticsRow[],
): Promise<{ asked: Set<string>; isByKey: boolean }> {
  const { owners, slice } = attribution;
  const names = new Set(rows.map(nameOf));
  const live = [...names].filter((name) => owners.get(name)?.live.some((key) => key.isActive));
  const keys = live.reduce((sum, name) => sum + (owners.get(name)?.live.length ?? 0), 0);
  const isByKey = hasProviders(asking, slice) && keys <= modelsOf(rows).length;
  const shared = [...names].filter((name) => owners.get(name)?.live.length && !soleOwner(name, owners.get(name)));
  // A name of deleted keys alone has nobody to ask, and still has to be shared out.
  const gone = [...names].filter(
    (name) => (owners.get(name)?.deleted.length ?? 0) > 1 && !owners.get(name)?.live.length,
  );
  if (isByKey) return { asked: new Set([...live, ...shared, ...gone]), isByKey };
  const unlisted = live.length > 0 ? await namesOfUnlisted(asking, attribution) : new Set<string>();
  return { asked: new Set([...shared, ...gone, ...live.filter((name) => unlisted.has(name))]), isByKey };
}

/** Names under which keys that are not listed spent; empty where OpenRouter does not answer such a filter. */
async function namesOfUnlisted(asking: Asking, { keys, slice }: Attribution): Promise<Set<string>> {
  const listed = keys.filter((key) => !key.isDeleted).map(({ hash }) => hash);
  const filters = [{ field: "api_key_id", operator: "not_in" as const, value: listed }];
  try {
    const { rows } = await ask(asking, { dimensions: ["api_key_id"], granularity: slice.granularity, filters }, slice);
    const names = new Set(rows.map(nameOf));
    return names.size > MOST_SHARED ? new Set() : names;
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.reason === "unauthorized") throw error;
    return new Set();
  }
}
