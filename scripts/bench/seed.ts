import { once } from "node:events";
import postgres from "postgres";

export const ROWS_PER_TEAM = 10_000;
const MODELS = ["openai/gpt-5", "anthropic/claude-sonnet-4.5", "google/gemini-2.5-pro", "deepseek/deepseek-v3.2"];
const HOUR_MS = 3_600_000;
const YEAR_HOURS = 365 * 24;

/** Tables whose rules ask of each statement what is so here. */
const RULED = ["usage_hours", "usage_stats"];

export type SeededTeam = { userId: number; teamId: number; keyIds: number[] };

/**
 * Teams with a year of hourly rows each, up to now, spread over their keys. Figures follow from the row's number alone,
 * so every run has the same.
 */
export async function seedTeams(url: string, count: number, keys = 3): Promise<SeededTeam[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    // Foreign keys of what we just made need no check per row, nor do our own rules.
    await sql`set session_replication_role = replica`;
    for (const table of RULED) await sql`alter table ${sql(table)} disable trigger user`;
    const teams = await insertTeams(sql, count, keys);
    await copyHours(sql, teams);
    await rollUp(sql, teams);
    await sql`set session_replication_role = default`;
    for (const table of RULED) await enableRules(sql, table);
    await sql`vacuum (analyze) usage_hours`;
    await sql`vacuum (analyze) usage_stats`;
    await sql`checkpoint`;
    return teams;
  } finally {
    await sql.end();
  }
}

async function enableRules(sql: postgres.Sql, table: string): Promise<void> {
  const rules = await sql<{ name: string }[]>`
    select tgname as name from pg_trigger where tgrelid = ${table}::regclass and not tgisinternal`;
  for (const { name } of rules) await sql`alter table ${sql(table)} enable always trigger ${sql(name)}`;
}

async function insertTeams(sql: postgres.Sql, count: number, keys: number): Promise<SeededTeam[]> {
  return sql<SeededTeam[]>`
    with numbers as (select gen_random_uuid()::text as name from generate_series(1, ${count})),
    people as (insert into users (email) select name || '@example.com' from numbers returning id, email),
    teams as (insert into teams (name) select email from people returning id, name),
    pairs as (select people.id as user_id, teams.id as team_id from people join teams on teams.name = people.email),
    joined as (insert into members (team_id, user_id, role) select team_id, user_id, 'owner' from pairs returning team_id),
    keys as (
      insert into api_keys (team_id, created_by, name, kind, ciphertext, hash, status, last_synced_at)
      select team_id, user_id, 'Key ' || number, 'inference', 'sealed', gen_random_uuid()::text, 'valid', now()
      from pairs, generate_series(1, ${keys}) number returning id, team_id
    )
    select user_id as "userId", pairs.team_id as "teamId", array_agg(keys.id) as "keyIds"
    from pairs join keys on keys.team_id = pairs.team_id group by 1, 2`;
}

async function copyHours(sql: postgres.Sql, teams: SeededTeam[]): Promise<void> {
  const end = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const stream = await sql`
    copy usage_hours (team_id, api_key_id, hour, model, provider, source, requests, tokens_input, tokens_output, cost) from stdin`.writable();
  for (const { teamId, keyIds } of teams) {
    let text = "";
    for (let row = 0; row < ROWS_PER_TEAM; row++) {
      const hour = new Date(end - (row % YEAR_HOURS) * HOUR_MS).toISOString();
      const round = Math.floor(row / YEAR_HOURS);
      const key = keyIds[(row + round) % keyIds.length];
      const model = MODELS[(row * 7 + round) % MODELS.length];
      text += `${teamId}\t${key}\t${hour}\t${model}\tProvider\tanalytics\t${(row % 50) + 1}\t${(row % 50) * 900}\t${(row % 50) * 80}\t0.0${(row * 37) % 9973}\n`;
    }
    if (!stream.write(text)) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "finish");
}

/** In parts, so that the sort of each stays in memory. */
async function rollUp(sql: postgres.Sql, teams: SeededTeam[]): Promise<void> {
  for (let from = 0; from < teams.length; from += 50) {
    const ids = teams.slice(from, from + 50).map(({ teamId }) => teamId);
    await sql`
      insert into usage_stats (team_id, api_key_id, date, model, provider, requests, tokens_input, tokens_output, cost)
      select team_id, api_key_id, (hour at time zone 'UTC')::date, model, provider, sum(requests), sum(tokens_input),
        sum(tokens_output), sum(cost)
      from usage_hours where team_id = any(${ids}) group by 1, 2, 3, 4, 5 order by 1, 3`;
  }
}
