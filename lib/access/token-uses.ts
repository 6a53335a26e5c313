import "server-only";
import { sql } from "@/db/client";
import { env } from "@/lib/base/env";

/** A token that lives, the count of its uses in this window with this one, and the seconds until the window ends. */
export type TokenUse = {
  token_hash: string;
  id: number;
  team_id: number;
  scopes: string[];
  data_version: number;
  count: number;
  reset: number;
};

type Waiting = { hash: string; resolve: (use: TokenUse | undefined) => void; reject: (error: unknown) => void };

/** So many statements run at once; requests that come meanwhile share the next one. */
const MAX_RUNNING = 2;
const MAX_TOGETHER = 200;

let waiting: Waiting[] = [];
let running = 0;

/**
 * Counts one use of the token with this hash, notes `last_used_at` (to the minute) and reads its state and the team's data version, or
 * undefined when no such token lives. Every request waits for a statement that begins after it came, so a revoked token is refused
 * at the very next request; under load many requests share one statement, and each still gets a count of its own.
 */
export function consumeUse(hash: string): Promise<TokenUse | undefined> {
  return new Promise((resolve, reject) => {
    waiting.push({ hash, resolve, reject });
    // Whoever else arrives in this turn of the event loop comes along.
    if (waiting.length === 1) setImmediate(drain);
  });
}

function drain(): void {
  if (running >= MAX_RUNNING || waiting.length === 0) return;
  const together = waiting.slice(0, MAX_TOGETHER);
  waiting = waiting.slice(MAX_TOGETHER);
  running += 1;
  void spendTogether(together).finally(() => {
    running -= 1;
    drain();
  });
  drain();
}

async function spendTogether(together: Waiting[]): Promise<void> {
  const byHash = new Map<string, Waiting[]>();
  for (const use of together) byHash.set(use.hash, [...(byHash.get(use.hash) ?? []), use]);
  try {
    const found = await countUses(new Map([...byHash].map(([hash, uses]) => [hash, uses.length])));
    const rows = new Map(found.map((row) => [row.token_hash, row]));
    for (const [hash, uses] of byHash) {
      const row = rows.get(hash);
      uses.forEach((use, index) => {
        use.resolve(row && { ...row, count: row.count - uses.length + index + 1 });
      });
    }
  } catch (error) {
    for (const use of together) use.reject(error);
  }
}

/** Counts uses of tokens, by hash, in one statement; `count` is that of the last. Rows are locked in the order of their ids, so that processes never wait for each other in a circle. */
export function countUses(usesOf: ReadonlyMap<string, number>): Promise<TokenUse[]> {
  const window = env().RATE_LIMIT_WINDOW;
  return sql()<TokenUse[]>`
    with token as materialized (
      select t.id, t.token_hash, t.team_id, t.scopes, t.last_used_at, teams.data_version, asked.uses
      from unnest(${[...usesOf.keys()]}::text[], ${[...usesOf.values()]}::int[]) as asked(hash, uses)
      join api_tokens t on t.token_hash = asked.hash and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())
      join teams on teams.id = t.team_id
      order by t.id
    ), used as (
      insert into rate_limits as r (bucket, window_start, count)
      select 'token:' || id, to_timestamp(floor(extract(epoch from now()) / ${window}::int) * ${window}::int), uses from token order by id
      on conflict (bucket) do update set
        count = case when r.window_start = excluded.window_start then r.count + excluded.count else excluded.count end,
        window_start = excluded.window_start
      returning bucket, count, ceil(extract(epoch from window_start) + ${window}::int - extract(epoch from now()))::int as reset
    ), noted as (
      update api_tokens set last_used_at = now() where id in (
        select id from api_tokens
        where id in (select id from token where last_used_at is null or last_used_at < now() - interval '1 minute')
        for no key update skip locked
      )
    )
    select token.token_hash, token.id, token.team_id, token.scopes, token.data_version, used.count, used.reset
    from token join used on used.bucket = 'token:' || token.id`;
}
