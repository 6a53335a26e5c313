import { ApiError } from "../http";
import type { Settings } from "../settings";
import { type Dimension, dimensions } from "./dimensions";
import { absent, type Metric, metrics } from "./metrics";

/** The metrics of `GET /analytics/meta`. A name that nobody has heard of is a new metric, which reports nothing yet. */
export function listedMetrics({ listedMetrics: names }: Settings): ReadonlyMap<string, Metric> {
  if (names === null) return metrics;
  return new Map(names.map((name) => [name, metrics.get(name) ?? absent(name, "number")]));
}

/** The metrics that a query may ask for: the listed ones, but for those that the list names wrongly. */
export function acceptedMetrics(settings: Settings): ReadonlyMap<string, Metric> {
  const listed = listedMetrics(settings);
  if (settings.refusedMetrics.length === 0) return listed;
  return new Map([...listed].filter(([name]) => !settings.refusedMetrics.includes(name)));
}

/** The dimensions that `GET /analytics/meta` lists and a query may use. */
export function listedDimensions({ listedDimensions: names }: Settings): ReadonlyMap<string, Dimension> {
  return names === null ? dimensions : new Map([...dimensions].filter(([name]) => names.includes(name)));
}

const reasons: Record<number, string> = { 403: "Analytics is not available for this account", 404: "Not Found" };

/** Throws ApiError when a setting has the call refused; null = it is not. */
export function refuse(status: number | null): void {
  if (status !== null) throw new ApiError(status, reasons[status] ?? "Refused");
}
