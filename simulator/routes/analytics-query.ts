import { refuse } from "../analytics/listed";
import { parseQuery } from "../analytics/query";
import { createRateLimit } from "../analytics/rate-limit";
import { runQuery } from "../analytics/run";
import { type Answer, type Call, callerOf, objectBody, ok, type Route } from "../http";

interface Cached {
  answer: Record<string, unknown>;
  at: number;
}

/** Every how many answers say that they come from a cache, though they are fresh. */
const CACHED_EVERY = 5;

/** `POST /analytics/query`, with the limit and the cache of one simulator. */
export function analyticsQueryRoute(): Route {
  const admit = createRateLimit();
  const cache = new Map<string, Cached>();
  let answered = 0;

  function handle(call: Call): Answer {
    const { accountId } = callerOf(call);
    refuse(call.settings.analyticsStatus);
    admit(accountId, call.settings.analyticsRateLimit);
    const now = call.world.now();
    const query = parseQuery(objectBody(call), now, call.settings);
    const id = `${accountId}\n${JSON.stringify(call.body)}`;
    const cached = cache.get(id);
    if (cached && now.getTime() - cached.at < call.settings.analyticsCacheMs) {
      return ok({ data: { ...cached.answer, cachedAt: cached.at } });
    }
    const { rows, truncated, warnings: unresolved } = runQuery(query, accountId, call.world, call.settings);
    const warnings = [...call.settings.analyticsWarnings, ...unresolved];
    const answer = {
      data: rows,
      metadata: { query_time_ms: 12, row_count: rows.length, truncated },
      ...(warnings.length > 0 ? { warnings } : {}),
    };
    if (call.settings.analyticsCacheMs > 0) cache.set(id, { answer, at: now.getTime() });
    answered += 1;
    return ok({ data: answered % CACHED_EVERY === 0 ? { ...answer, cachedAt: now.getTime() } : answer });
  }

  return { method: "POST", pattern: "/analytics/query", access: "management", handle };
}
