import "server-only";
import { sql } from "@/db/client";
import { log } from "@/lib/log";
import { fetchModels } from "@/lib/openrouter/models";

const FRESH_FOR = "24 hours";
const TRY_AGAIN_MS = 300_000;

let triedAt = 0;
let running: Promise<void> | undefined;

/** Brings the models and their prices up to date once a day, when somebody asks. OpenRouter away: the old ones stay. */
export async function refreshModels(now = Date.now()): Promise<void> {
  if (now - triedAt < TRY_AGAIN_MS) return running;
  const [fresh] = await sql()`select 1 from models where fetched_at > now() - ${FRESH_FOR}::interval limit 1`;
  if (fresh) return;
  triedAt = now;
  running = storeModels().catch((error: unknown) => log().warn({ err: error }, "Model prices could not be read"));
  return running;
}

async function storeModels(): Promise<void> {
  const models = await fetchModels();
  await sql()`
    insert into models (id, name, context_length, pricing, fetched_at)
    select id, name, context_length, pricing::jsonb, now()
    from unnest(
      ${models.map(({ id }) => id)}::text[], ${models.map(({ name }) => name)}::text[],
      ${models.map(({ contextLength }) => contextLength)}::int[],
      ${models.map(({ pricing }) => JSON.stringify(pricing))}::text[]
    ) as told(id, name, context_length, pricing)
    order by id
    on conflict (id) do update set name = excluded.name, context_length = excluded.context_length, pricing = excluded.pricing,
      fetched_at = excluded.fetched_at`;
}
