import "server-only";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "@/db/client";
import { UpstreamError } from "./errors";

/** OpenRouter's analytics allow 64 requests a minute and account (its own analytics skill says so). */
export const REQUESTS_PER_MINUTE = 64;

/** Nobody waits longer for a turn, nor for a `Retry-After`: the next sync tries again. */
export const LONGEST_WAIT_MS = 90_000;

/** No place is taken for longer; one that seems to be was taken by a clock that was wrong. */
const LONGEST_PAUSE_SECONDS = 3600;

/** An account has as many places as calls a minute; a call takes one for a minute. Places are leases: they are told by the database's clock and shared by all processes. */
const places = (name: string) =>
  sql()`select ${`turn:${name}:`}::text || n as name, n from generate_series(1, ${REQUESTS_PER_MINUTE}::int) n`;

const isFree = () => sql()`(l.until <= now() or l.until > now() + make_interval(secs => ${LONGEST_PAUSE_SECONDS}))`;

/** Waits for a turn under a name, over all processes. Throws a passing UpstreamError when the wait would be longer than people or queues have patience for. */
export async function takeTurn(name: string, signal?: AbortSignal): Promise<void> {
  for (;;) {
    const waitMs = await takePlace(name);
    if (waitMs === null) return;
    if (waitMs > LONGEST_WAIT_MS) {
      const sentence = "OpenRouter asked us to slow down; this account is left alone until then";
      throw new UpstreamError("rate_limited", sentence, 429, waitMs);
    }
    await sleep(waitMs, undefined, { signal });
  }
}

/** Null when a place was taken, otherwise how long (ms) until one may be free. */
async function takePlace(name: string): Promise<number | null> {
  const [row] = await sql()<{ is_taken: boolean; wait: number }[]>`
    with place as (${places(name)}), free as (
      select place.name from place left join leases l on l.name = place.name where l.name is null or ${isFree()}
      order by random() limit 1
    ), taken as (
      insert into leases as l (name, holder, until) select name, ${randomUUID()}, now() + interval '1 minute' from free
      on conflict (name) do update set holder = excluded.holder, until = excluded.until where ${isFree()}
      returning 1
    )
    select exists (select from taken) as is_taken, case when exists (select from free) then 0 else
      (select (extract(epoch from min(l.until) - now()) * 1000)::float8 from place join leases l on l.name = place.name) end as wait`;
  // A place that was free and was not taken went to another process in the same moment: others are left.
  return row?.is_taken ? null : Math.max(1, Math.ceil(row?.wait ?? 0));
}

/** OpenRouter said `Retry-After`: no process calls for this account before that, or for an hour. */
export async function pauseTurns(name: string, ms: number): Promise<void> {
  const seconds = Math.min(ms / 1000, LONGEST_PAUSE_SECONDS);
  await sql()`
    insert into leases as l (name, holder, until)
    select name, ${randomUUID()}, now() + make_interval(secs => ${seconds}) from (${places(name)}) place order by n
    on conflict (name) do update set holder = excluded.holder,
      until = case when ${isFree()} then excluded.until else greatest(l.until, excluded.until) end`;
}

/** Forgets all turns: for tests in which many accounts' minutes pass at once. */
export const forgetTurns = async (): Promise<void> => {
  await sql()`delete from leases where name like 'turn:%'`;
};
