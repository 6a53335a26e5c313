import "server-only";
import { sql } from "@/db/client";
import { log } from "@/lib/base/log";
import { storableJson } from "@/lib/base/text";
import { fetchModels, type ListedModel } from "@/lib/openrouter/models";
import { joinModelNames } from "./join-names";

/**
 * Reads OpenRouter's list of models, keeps it with every name of each model, and joins usage that was booked under another name. Models that are no
 * longer listed stay, and so do their names: past usage bears them. Throws UpstreamError; what was known stays.
 */
export async function refreshModels(): Promise<string> {
  const models = await fetchModels();
  await keepModels(models);
  await keepNames();
  const joined = await joinModelNames();
  return `${models.length} models read, usage of ${joined} teams joined under their slugs`;
}

/** Reads the models where none are known yet, as on the very first sync. OpenRouter's list away: usage is booked as it is named, and joined later. */
export async function ensureModels(): Promise<void> {
  const [known] = await sql()`select 1 from models limit 1`;
  if (!known) await tryToRefresh();
}

/** The same when a process starts and the daily job was missed. */
export async function refreshStaleModels(): Promise<void> {
  const [fresh] = await sql()`select 1 from models where fetched_at > now() - interval '24 hours' limit 1`;
  if (!fresh) await tryToRefresh();
}

const tryToRefresh = (): Promise<unknown> =>
  refreshModels().catch((error: unknown) => log().warn({ err: error }, "OpenRouter's models could not be read"));

async function keepModels(models: ListedModel[]): Promise<void> {
  const rows = models.map((model) => ({
    id: model.id,
    canonical_slug: model.canonicalSlug,
    name: model.name,
    context_length: model.contextLength,
    pricing: model.pricing,
    expiration_date: model.expirationDate,
  }));
  await sql()`
    insert into models (id, canonical_slug, name, context_length, pricing, expiration_date, fetched_at)
    select listed.*, now() from jsonb_to_recordset(${storableJson(rows)}::jsonb)
      as listed(id text, canonical_slug text, name text, context_length int, pricing jsonb, expiration_date date)
    order by id
    on conflict (id) do update set canonical_slug = excluded.canonical_slug, name = excluded.name, context_length = excluded.context_length,
      pricing = excluded.pricing, expiration_date = excluded.expiration_date, fetched_at = excluded.fetched_at`;
}

/**
 * A slug means its model before anything else, then a permaslug, then a display name. Variants (`:free`) share the permaslug of their base model, which it
 * means; aliases (`~…`) mean no model of their own. A name that would mean two models is not known.
 */
async function keepNames(): Promise<void> {
  await sql()`
    with candidate as (
      select id as name, id as model_id, 1 as rank from models
      union all
      select canonical_slug, id, case when strpos(id, ':') = 0 then 2 else 3 end from models where left(id, 1) <> '~'
      union all
      select canonical_slug || ':' || split_part(id, ':', 2), id, 2 from models
        where left(id, 1) <> '~' and strpos(id, ':') > 0 and strpos(canonical_slug, ':') = 0
      union all
      select name, id, 4 from models where left(id, 1) <> '~'
    ), best as (
      select name, model_id, rank, min(rank) over (partition by name) as best_rank from candidate where name <> ''
    )
    insert into model_names (name, model_id)
    select name, min(model_id) from best where rank = best_rank group by name having count(distinct model_id) = 1 order by name
    on conflict (name) do update set model_id = excluded.model_id where model_names.model_id <> excluded.model_id`;
}
