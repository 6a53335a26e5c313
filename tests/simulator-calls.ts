import { textToUnits, unitsToText } from "../simulator/money";
import { type Simulator, type SimulatorOptions, startSimulator } from "../simulator/server";

/** The one moment at which the simulator's tests take place: a Saturday. */
export const NOW = new Date("2026-11-21T10:20:00Z");
export const now = () => NOW;
export const HAIKU = "anthropic/claude-haiku-4.5";

export type Json = Record<string, unknown>;
/** Calls the API as a key; the answer's `data` is what most tests want. */
export async function call(simulator: Simulator, path: string, key: string | null, method = "GET", body?: unknown) {
  const response = await fetch(`${simulator.url}${path}`, {
    method,
    headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const json = (await response.json()) as { data: Json & Json[]; error: { code: number; message: string } } & Json;
  return { status: response.status, headers: response.headers, json };
}

export async function withSimulator<Result>(options: SimulatorOptions, use: (simulator: Simulator) => Promise<Result>) {
  const simulator = await startSimulator(options);
  try {
    return await use(simulator);
  } finally {
    await simulator.close();
  }
}

export interface AnalyticsAnswer {
  data: Json[];
  metadata: { truncated: boolean; row_count: number };
  warnings?: string[];
  cachedAt?: number;
}

export async function query(simulator: Simulator, body: Json, key = simulator.world.managementKey().plaintext) {
  const answer = await call(simulator, "/analytics/query", key, "POST", { metrics: ["credits_usage"], ...body });
  return { ...answer, data: answer.json.data as unknown as AnalyticsAnswer };
}

/** Sums a money column exactly. */
export function sumOf(rows: readonly Json[], column: string): string {
  return unitsToText(rows.reduce((sum, row) => sum + textToUnits(Number(row[column]).toFixed(10)), 0));
}

export const countOf = (rows: readonly Json[], column: string) =>
  rows.reduce((sum, row) => sum + Number(row[column] ?? 0), 0);

export const lastDays = (days: number) => ({
  start: new Date(Date.UTC(2026, 10, 21 - days)).toISOString(),
  end: NOW.toISOString(),
});
