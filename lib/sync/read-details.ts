import "server-only";
import { sql } from "@/db/client";
import { log } from "@/lib/base/log";
import { addDays, DAY_MS, HOUR_MS, startOfDay } from "@/lib/base/time";
import { UpstreamError } from "@/lib/openrouter/errors";
import { OF_PEOPLE } from "@/lib/usage/write/forget-people";
import type { Asking } from "./asking";
import type { DetailSync } from "./details";
import { keepBreakdown } from "./keep-breakdown";
import { keepSpeed } from "./keep-speed";
import type { ListedKey } from "./roster";
import type { AccountSync } from "./unit";

/** What OpenRouter keeps for 31 days only is read once a day; what was read late changes little. */
const EVERY_MS = 20 * HOUR_MS;
const TRAILING_DAYS = 2;
const LONGEST_DAYS = 30;

const BREAKDOWNS = ["finish_reason", "app", "origin", "variant", "data_region"];

/**
 * Reads how fast models answered, and usage by what OpenRouter forgets after 31 days. Sums do not hang on it: what cannot be read now is read with the next
 * sync. Answers a sentence when something could not be read.
 */
export async function readDetails(
  account: AccountSync,
  asking: Asking,
  keys: readonly ListedKey[],
): Promise<string | null> {
  const [state] = await sql()<{ read_at: string | null; reads_people: boolean }[]>`
    select k.details_read_at as read_at, t.reads_people from api_keys k join teams t on t.id = k.team_id where k.id = ${account.accountId}`;
  const readAt = state?.read_at ? new Date(state.read_at) : null;
  const age = readAt ? account.now.getTime() - readAt.getTime() : Number.POSITIVE_INFINITY;
  if (age >= 0 && age < EVERY_MS) return null;
  const days = Math.min(
    LONGEST_DAYS,
    Number.isFinite(age) && age >= 0 ? Math.ceil(age / DAY_MS) + TRAILING_DAYS : LONGEST_DAYS,
  );
  const sync: DetailSync = { account, asking, keys, start: addDays(startOfDay(account.now), -days) };
  const dimensions = [...BREAKDOWNS, ...(state?.reads_people ? OF_PEOPLE : [])];
  const failed: string[] = [];
  for (const dimension of dimensions.filter((name) => asking.vocabulary.hasDimension(name))) {
    await attempt(dimension, failed, () => keepBreakdown(sync, dimension));
  }
  await attempt("speed", failed, () => keepSpeed(sync));
  if (failed.length > 0) return `Details that OpenRouter keeps for 31 days could not be read: ${failed.join(", ")}`;
  await sql()`update api_keys set details_read_at = ${account.now.toISOString()} where id = ${account.accountId}`;
  return null;
}

async function attempt(what: string, failed: string[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.reason === "unauthorized") throw error;
    log().warn({ err: error, what }, "Details could not be read");
    failed.push(`${what} (${error.message})`);
  }
}
