import "server-only";
import { z } from "zod";
import { sql } from "@/db/client";
import { storableJson } from "@/lib/base/text";
import { DAY_MS } from "@/lib/base/time";
import {
  COST_METRIC,
  COST_WITH_BYOK_METRIC,
  type Granularity,
  type Query,
  queryOnce,
  type Window,
} from "@/lib/openrouter/analytics";
import type { Call } from "@/lib/openrouter/client";
import { UpstreamError } from "@/lib/openrouter/errors";
import { readMeta } from "@/lib/openrouter/meta";
import { MEASURES } from "@/lib/usage/measures";

/** OpenRouter's list changes seldom; it is read once a day and account. */
const FRESH_MS = DAY_MS;

export const KeptMeta = z.object({
  /** Null where OpenRouter does not show its list: then every known name is asked for. */
  metrics: z.array(z.string()).nullable(),
  dimensions: z.array(z.string()).nullable(),
  /** Refused although they are listed. */
  refused: z.object({ hour: z.array(z.string()), day: z.array(z.string()) }),
  read_at: z.iso.datetime(),
});
export type KeptMeta = z.output<typeof KeptMeta>;

type Account = { accountId: number; secret: string; call: Call; now: Date };

/**
 * Which metrics an account's analytics understand. One that is unknown there makes OpenRouter refuse a whole query, so only what
 * `/analytics/meta` lists is asked for, and what is refused all the same is found out and left out.
 */
export class Vocabulary {
  /** A list that was read a moment ago cannot be newer. */
  private isFresh = false;
  private readonly proven = new Set<Granularity>();

  private constructor(
    private readonly account: Account,
    private kept: KeptMeta,
  ) {}

  static async of(account: Account): Promise<Vocabulary> {
    const [row] = await sql()<{ kept: unknown }[]>`
      select analytics_meta as kept from api_keys where id = ${account.accountId}`;
    const kept = KeptMeta.safeParse(row?.kept);
    const vocabulary = new Vocabulary(account, kept.success ? kept.data : nothingRead(account.now));
    const age = kept.success ? account.now.getTime() - Date.parse(kept.data.read_at) : Number.POSITIVE_INFINITY;
    if (age >= FRESH_MS || age < 0) await vocabulary.read();
    return vocabulary;
  }

  /** OpenRouter's names of all that can be asked of such rows, the cost first. Throws UpstreamError where the cost cannot be asked for. */
  metricsFor(granularity: Granularity): string[] {
    const wanted = MEASURES.filter(({ reach }) => reach === "year" || granularity === "hour");
    const understood = wanted.map(({ metric }) => metric).filter((metric) => this.understands(metric, granularity));
    if (understood.includes(COST_METRIC)) return understood;
    if (this.understands(COST_WITH_BYOK_METRIC, granularity) && understood.includes("byok_usage"))
      return [COST_WITH_BYOK_METRIC, ...understood];
    throw new UpstreamError("bad_request", `OpenRouter's analytics no longer know ${COST_METRIC}`, 400);
  }

  understands(metric: string, granularity: Granularity): boolean {
    return (this.kept.metrics?.includes(metric) ?? true) && !this.kept.refused[granularity].includes(metric);
  }

  hasDimension(dimension: string): boolean {
    return this.kept.dimensions?.includes(dimension) ?? true;
  }

  /** All metrics that are listed; empty where there is no list. */
  get listed(): readonly string[] {
    return this.kept.metrics ?? [];
  }

  /**
   * After a 400: whether it was because of metrics. Then they are known now, and the question can be put again without them. The list is read again
   * first; what it still lists is tried part by part over the window that was refused.
   */
  async learn({ metrics, granularity }: Query, window: Window): Promise<boolean> {
    if (!this.isFresh) await this.read();
    const left = metrics.filter((metric) => this.understands(metric, granularity));
    if (left.length < metrics.length) return true;
    if (this.proven.has(granularity)) return false;
    this.proven.add(granularity);
    const refused = await this.findRefused(left, granularity, window);
    if (refused.length === 0 || refused.length === left.length) return false;
    this.kept.refused[granularity].push(...refused);
    await this.keep();
    return true;
  }

  private async findRefused(metrics: readonly string[], granularity: Granularity, window: Window): Promise<string[]> {
    const { secret, call } = this.account;
    try {
      await queryOnce(secret, { metrics, dimensions: [], granularity }, window, call);
      return [];
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.reason !== "bad_request") throw error;
    }
    if (metrics.length <= 1) return [...metrics];
    const half = Math.ceil(metrics.length / 2);
    const first = await this.findRefused(metrics.slice(0, half), granularity, window);
    return [...first, ...(await this.findRefused(metrics.slice(half), granularity, window))];
  }

  private async read(): Promise<void> {
    const { secret, call, now } = this.account;
    this.isFresh = true;
    try {
      const { metrics, dimensions } = await readMeta(secret, { ...call, retries: 1 });
      this.kept = { ...nothingRead(now), metrics, dimensions };
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.reason === "unauthorized") throw error;
      // Usage does not hang on the list; what was known of it stays, and the next sync asks for it again.
      if (!error.isRefusal) return;
      this.kept = nothingRead(now);
    }
    await this.keep();
  }

  private async keep(): Promise<void> {
    await sql()`
      update api_keys set analytics_meta = ${storableJson(this.kept)}::jsonb where id = ${this.account.accountId}`;
  }
}

const nothingRead = (now: Date): KeptMeta => ({
  metrics: null,
  dimensions: null,
  refused: { hour: [], day: [] },
  read_at: now.toISOString(),
});
