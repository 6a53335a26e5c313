import { type Endpoint, findModel } from "../models";
import { createRandom, type Random } from "../random";
import { DAY_MS, dayOf, HOUR_MS, hourOf, weekdayOf } from "../time";
import { priceTokens, sampleTokens, type TokenCounts } from "../tokens";
import type { SimulatedKey } from "./keys";
import type { Cell, Counts } from "./ledger";
import type { TrafficProfile } from "./profiles";

/** OpenRouter's fee on requests through the user's own provider keys, as a share of the list price. */
const BYOK_FEE = 0.05;

/** Books a list price (units) either as credits or as the user's own spend at the provider plus OpenRouter's fee. */
export function chargeFor(listPrice: number, isByok: boolean): Pick<Counts, "cost" | "byokFees" | "byokCost"> {
  if (!isByok) return { cost: listPrice, byokFees: 0, byokCost: 0 };
  const fee = Math.round(listPrice * BYOK_FEE);
  return { cost: fee, byokFees: fee, byokCost: listPrice };
}

/** The counts of `requests` requests of one kind. */
export function countsOf(requests: number, tokens: TokenCounts, endpoint: Endpoint, isByok: boolean): Counts {
  return {
    requests,
    byokRequests: isByok ? requests : 0,
    ...tokens,
    isCostReported: true,
    ...chargeFor(priceTokens(endpoint, tokens), isByok),
  };
}

/** Share of a day's requests that falls into each UTC hour. */
function hourShares(profile: TrafficProfile): number[] {
  const heights = Array.from({ length: 24 }, (_, hour) => {
    const distance = Math.cos(((hour - profile.peakHour) / 24) * 2 * Math.PI);
    return Math.max(0.02, 1 + profile.rhythm * distance) ** 2;
  });
  const sum = heights.reduce((total, height) => total + height, 0);
  return heights.map((height) => height / sum);
}

export interface History {
  seed: number;
  from: Date;
  /** When the world was first made: shares of a profile's history count from `from` to here. */
  anchor: Date;
  /** Traffic is made up to this moment; the running hour holds its share. */
  until: Date;
  /** UTC day (days since 1970) of the spike. */
  spikeDay: number;
}

/** When a key was in use, in ms since 1970. */
function activeTimes(key: SimulatedKey, profile: TrafficProfile, { from, anchor, until }: History): [number, number] {
  const at = (share: number) => from.getTime() + (anchor.getTime() - from.getTime()) * share;
  const end = profile.activeUntil === undefined ? until.getTime() : at(profile.activeUntil);
  return [at(profile.activeFrom ?? 0), Math.min(end, key.expiresAt?.getTime() ?? Infinity)];
}

/** A key's past, day by day. Each day depends on seed, key name and date alone. */
export function* historyOf(key: SimulatedKey, profile: TrafficProfile, history: History): Generator<Cell> {
  const shares = hourShares(profile);
  const [from, until] = activeTimes(key, profile, history);
  for (let day = dayOf(new Date(from)); day * DAY_MS < until; day += 1) {
    const random = createRandom(`${history.seed}/${key.accountId}/${key.workspaceId}/${key.name}/${day}`);
    const mood = Math.exp(random.normal() * 0.25);
    const weekend = weekdayOf(day) >= 5 ? profile.weekend : 1;
    const spike = day === history.spikeDay ? (profile.spike ?? 1) : 1;
    for (let hourOfDay = 0; hourOfDay < 24; hourOfDay += 1) {
      const hour = day * 24 + hourOfDay;
      const share = Math.min(1, Math.max(0, (until - hour * HOUR_MS) / HOUR_MS));
      const expected = profile.requestsPerDay * mood * weekend * spike * (shares[hourOfDay] ?? 0) * share;
      const requests = random.poisson(expected);
      if (requests > 0 && hour >= hourOf(new Date(from))) yield* hourCells(random, key, profile, hour, requests);
    }
  }
}

function* hourCells(
  random: Random,
  key: SimulatedKey,
  profile: TrafficProfile,
  hour: number,
  requests: number,
): Generator<Cell> {
  for (const [choice, count] of split(random, profile.models, requests)) {
    const model = findModel(choice.slug);
    if (!model) throw new RangeError(`Not in the catalogue: ${choice.slug}`);
    for (const [endpoint, served] of split(random, model.endpoints, count)) {
      const own = choice.byokShare ? Math.min(served, random.poisson(served * choice.byokShare)) : 0;
      for (const [isByok, share] of [
        [false, served - own],
        [true, own],
      ] as const) {
        if (share === 0) continue;
        const tokens = sampleTokens(random, share, model, endpoint, profile);
        yield {
          hour,
          keyHash: key.hash,
          model: model.slug,
          provider: endpoint.provider,
          ...countsOf(share, tokens, endpoint, isByok),
        };
      }
    }
  }
}

/** Deals `total` among weighted items: one by one when few, by expectation when many. */
function split<Item extends { weight: number }>(
  random: Random,
  items: readonly Item[],
  total: number,
): Map<Item, number> {
  const dealt = new Map<Item, number>();
  const bulk = total > 60 ? Math.floor(total * 0.8) : 0;
  const weights = items.reduce((sum, item) => sum + item.weight, 0);
  let rest = total;
  if (bulk > 0) {
    for (const item of items) {
      const share = Math.floor((bulk * item.weight) / weights);
      if (share > 0) dealt.set(item, share);
      rest -= share;
    }
  }
  for (; rest > 0; rest -= 1) {
    const item = random.weighted(items);
    dealt.set(item, (dealt.get(item) ?? 0) + 1);
  }
  return dealt;
}
