import type { Settings } from "../settings";
import { bucketStart, dateText, type Granularity, hourOf, hourStart } from "../time";
import { addFigures, type Figures, noFigures, takePortions } from "../world/figures";
import { chatroomHash } from "../world/keys";
import type { World } from "../world/world";
import { dimensions, type Value } from "./dimensions";
import { type Filter, hashesAskedFor, resolveKeyFilters } from "./filters";
import { createLabels, type Label } from "./labels";
import type { AnalyticsQuery } from "./query";

interface Group extends Pick<Label, "columns" | "combination"> {
  bucket: number;
  figures: Figures;
}

export interface AnalyticsResult {
  rows: Record<string, Value>[];
  truncated: boolean;
  warnings: string[];
}

/**
 * Answers a query from the books. An hour belongs to the window when it begins in it: a window that starts within an
 * hour leaves that hour out, so whoever then replaces the hour loses spend, as with the real one.
 */
export function runQuery(query: AnalyticsQuery, accountId: string, world: World, settings: Settings): AnalyticsResult {
  const context = { world, settings };
  const { filters, warnings } = resolveKeyFilters(query.filters, accountId, context);
  const keys = new Map(world.keys(accountId).map((key) => [key.hash, key]));
  const asked = hashesAskedFor(filters)?.map((value) => (value === -1 ? chatroomHash(accountId) : String(value)));
  const hashes = asked?.filter((hash) => keys.has(hash)) ?? keys.keys();
  const [start = 0, to] = [query.start, query.end].map((at) => hourOf(new Date(at.getTime() - 1)) + 1);
  const from = Math.max(start, firstHour(world.now(), settings));

  const label = createLabels(query, filters, context);
  const wanted = wantedFor(query, filters);
  const groups = new Map<number, Group>();
  for (const cell of world.books.cells(new Set(hashes), from, to)) {
    const key = keys.get(cell.keyHash);
    if (!key) continue;
    const bucket = query.granularity === null ? 0 : bucketStart(query.granularity, cell.hour);
    takePortions(cell, wanted, (traits, counts, details) => {
      const found = label(cell, key, traits);
      if (!found) return;
      const { columns, combination, number } = found;
      // A number, for text ids would take most of the time: hours and combinations both stay far below 2 ** 26.
      const id = bucket * 2 ** 26 + number;
      let group = groups.get(id);
      if (!group) {
        group = { bucket, columns, combination, figures: noFigures(wanted) };
        groups.set(id, group);
      }
      addFigures(group.figures, cell, counts, details);
    });
  }

  const sorted = sortGroups([...groups.values()], query);
  const kept = limitPerCombination(sorted, query.groupLimit);
  const rows = kept.slice(0, query.limit).map((group) => toRow(group, query, settings));
  return { rows, truncated: sorted.length > rows.length, warnings };
}

/** The first hour that analytics still knows. */
const firstHour = (now: Date, { historyDays }: Settings) =>
  historyDays === null ? -Infinity : hourOf(now) - historyDays * 24;

/** Whether cells must be divided, and what must be worked out of them. */
function wantedFor(query: AnalyticsQuery, filters: Filter[]) {
  const names = [...query.dimensions.map(([name]) => name), ...filters.map(({ field }) => field)];
  const needs = query.metrics.map(([, { needs }]) => needs);
  return {
    traits: names.some((name) => dimensions.get(name)?.divides),
    details: needs.includes("details"),
    speed: needs.includes("speed"),
  };
}

/** As ordered, else the newest bucket first and by dimensions within it. */
function sortGroups(groups: Group[], { orderBy, metrics }: AnalyticsQuery): Group[] {
  const byDefault = (left: Group, right: Group) =>
    right.bucket - left.bucket || (left.combination < right.combination ? -1 : 1);
  if (orderBy === null) return groups.sort(byDefault);
  const metric = metrics.find(([name]) => name === orderBy.field)?.[1];
  const value = (group: Group): Value => {
    if (orderBy.field === "date") return group.bucket;
    if (metric) return metric.read(group.figures) ?? 0;
    return orderBy.field === "request_count" ? group.figures.counts.requests : (group.columns[orderBy.field] ?? "");
  };
  const sign = orderBy.direction === "asc" ? 1 : -1;
  return groups.sort((left, right) => {
    const [a, b] = [value(left) ?? "", value(right) ?? ""];
    return a === b ? byDefault(left, right) : a < b ? -sign : sign;
  });
}

function limitPerCombination(groups: Group[], limit: number | null): Group[] {
  if (limit === null) return groups;
  const seen = new Map<string, number>();
  return groups.filter(({ combination }) => {
    const count = (seen.get(combination) ?? 0) + 1;
    seen.set(combination, count);
    return count <= limit;
  });
}

function toRow(group: Group, query: AnalyticsQuery, settings: Settings): Record<string, Value> {
  const row: Record<string, Value> = {};
  if (query.granularity !== null)
    row[`${settings.timeColumn}__${query.granularity}`] = timeText(group.bucket, query.granularity, settings);
  Object.assign(row, group.columns);
  for (const [name, metric] of query.metrics) {
    const value = metric.read(group.figures);
    row[name] = value !== null && metric.format === "number" && settings.countsAs === "string" ? String(value) : value;
  }
  return row;
}

/** A bucket's beginning in one of the three forms that are seen in the wild. */
function timeText(hour: number, granularity: Granularity, { timeFormat }: Settings): string {
  const at = hourStart(hour);
  if (timeFormat === "iso") return at.toISOString();
  const isDate = timeFormat === "date" && granularity !== "hour" && granularity !== "minute";
  return isDate ? dateText(at) : at.toISOString().slice(0, 19).replace("T", " ");
}
