import "server-only";
import { cache } from "react";
import { sql } from "@/db/client";
import type { TeamReader } from "@/lib/access/viewer";
import { isoDateIn } from "@/lib/base/time";
import type { Period } from "@/lib/usage/period";
import type { Interval } from "@/lib/usage/present/dashboard-view";
import type { Summary } from "@/lib/usage/present/summary";
import { bucketOf } from "./buckets";

/** From when to when anything is known about a team's usage, UTC; null when nothing was ever read. */
export type Coverage = { from: string; to: string } | null;

/** Earliest completely read hour and latest sync, of one key or of all; a page whose parts ask for it reads it once. */
export const readCoverage = cache(async (viewer: TeamReader, apiKeyId: number | undefined): Promise<Coverage> => {
  const [row] = await sql()<{ from: string | null; to: string | null }[]>`
    select to_char(min(synced_from) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as from,
      to_char(max(last_synced_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as to
    from api_keys where team_id = ${viewer.teamId} and (${apiKeyId ?? null}::int is null or id = ${apiKeyId ?? null}::int)`;
  return row?.from && row.to ? { from: row.from, to: row.to } : null;
});

/** The bucket, named as a series names it, that an instant falls into. */
export function bucketAt(instant: string | Date, interval: Interval, timezone: string): string {
  const time = new Date(instant);
  if (interval === "hour") return `${time.toISOString().slice(0, 13)}:00:00Z`;
  return bucketOf(isoDateIn(time, timezone), interval);
}

/** Whether a period was read from its first day on, so that another may be held against it. */
export function isReadFromStart({ start_date, timezone }: Period, coverage: Coverage): boolean {
  return coverage !== null && bucketAt(coverage.from, "day", timezone) <= start_date;
}

/** A summary that another is held against: unknown unless its period was read from its first day on. */
export function comparableOf(summary: Summary, period: Period, coverage: Coverage): Summary {
  return isReadFromStart(period, coverage) ? summary : unknown(summary);
}

const unknown = (summary: Summary): Summary =>
  Object.fromEntries(Object.keys(summary).map((figure) => [figure, null])) as Summary;
