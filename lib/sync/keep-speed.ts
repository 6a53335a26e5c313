import "server-only";
import { sql } from "@/db/client";
import { storableJson } from "@/lib/base/text";
import { modelIdOf } from "@/lib/models/names";
import type { Query } from "@/lib/openrouter/analytics";
import { inPieces } from "@/lib/openrouter/analytics-pages";
import { type DetailRow, queryDetails } from "@/lib/openrouter/details";
import { UpstreamError } from "@/lib/openrouter/errors";
import { isSpeedFigure } from "@/lib/usage/figures";
import { type DetailSync, windowOf } from "./details";
import { ownersByName, soleOwner } from "./names";

type Line = {
  api_key_id: number;
  bucket: string;
  model: string | null;
  provider: string | null;
  requests: string | null;
  figures: object;
};

/**
 * Reads how fast an account's models answered: per hour, model and provider, and per UTC day and key. Averages and percentiles do not add up: they are kept
 * as they are read, and a name that may mean several keys has none.
 */
export async function keepSpeed(sync: DetailSync): Promise<void> {
  const { asking, keys, account } = sync;
  const metrics = asking.vocabulary.listed.filter(isSpeedFigure);
  if (metrics.length === 0) return;
  await keepGrain(sync, { metrics, dimensions: ["model", "provider"], granularity: "hour" }, (row) => ({
    api_key_id: account.accountId,
    model: modelIdOf(asking.models, row.values.model ?? null),
    provider: row.values.provider ?? null,
  }));
  const owners = ownersByName(keys);
  await keepGrain(sync, { metrics, dimensions: ["api_key_id"], granularity: "day" }, (row) => {
    const name = row.values.api_key_id ?? "";
    const owner = soleOwner(name, owners.get(name));
    return owner?.isActive ? { api_key_id: owner.id, model: null, provider: null } : null;
  });
}

type Place = Pick<Line, "api_key_id" | "model" | "provider">;

async function keepGrain(sync: DetailSync, query: Query, placeOf: (row: DetailRow) => Place | null): Promise<void> {
  const { asking, account } = sync;
  const { granularity } = query;
  const asked: Query = { ...query, metrics: ["request_count", ...query.metrics] };
  const askFor = (window: { start: Date; end: Date }) => queryDetails(asking.secret, asked, window, asking.call);
  for await (const { window, answer } of inPieces(windowOf(sync, granularity), granularity, askFor)) {
    if (!answer) throw new UpstreamError("malformed", `OpenRouter truncates even a single ${granularity}`);
    const lines = answer.rows.flatMap(({ bucket, figures: { request_count: requests = null, ...figures }, ...row }) => {
      const place = placeOf({ bucket, figures, ...row });
      const known = Object.entries(figures).filter(([, value]) => value !== null);
      return place && known.length > 0
        ? [
            {
              ...place,
              bucket: bucket.toISOString(),
              requests,
              figures: Object.fromEntries(known.map(([name, value]) => [name, Number(value)])),
            },
          ]
        : [];
    });
    await replace(account, granularity, window, distinct(lines));
  }
}

/** Two names of one model are one row here: the one with more requests stands, since percentiles cannot be merged. */
function distinct(lines: Line[]): Line[] {
  const kept = new Map<string, Line>();
  for (const line of lines) {
    const place = JSON.stringify([line.api_key_id, line.bucket, line.model, line.provider]);
    const other = kept.get(place);
    if (!other || Number(line.requests) > Number(other.requests)) kept.set(place, line);
  }
  return [...kept.values()];
}

async function replace(
  { teamId, accountId }: DetailSync["account"],
  granularity: "hour" | "day",
  window: { start: Date; end: Date },
  lines: Line[],
): Promise<void> {
  await sql().begin(async (transaction) => {
    await transaction`
      delete from performance p using api_keys k
      where k.id = p.api_key_id and (k.id = ${accountId} or k.management_key_id = ${accountId}) and p.granularity = ${granularity}
        and p.bucket >= ${window.start.toISOString()} and p.bucket < ${window.end.toISOString()}`;
    await transaction`
      insert into performance (team_id, api_key_id, granularity, bucket, model, provider, requests, figures)
      select ${teamId}, api_key_id, ${granularity}, bucket, model, provider, requests, figures
      from jsonb_to_recordset(${storableJson(lines)}::jsonb) as g(api_key_id int, bucket timestamptz, model text, provider text,
        requests bigint, figures jsonb)`;
    await transaction`update teams set data_version = data_version + 1 where id = ${teamId}`;
  });
}
