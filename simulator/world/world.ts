import { broadcastBody } from "../broadcast";
import { createDestinations } from "../destinations";
import { catalogue } from "../models";
import { safeUnits } from "../money";
import { DAY_MS, dayOf } from "../time";
import { type CastMember, DEFAULT_WORKSPACE, demoCast, MANAGEMENT_KEY, plainCast } from "./cast";
import type { SimulatedKey } from "./keys";
import { createLedger } from "./ledger";
import { createRecorder } from "./recorder";
import { createRegistry } from "./registry";
import type { SimulatedRequest } from "./requests";
import { historyOf } from "./traffic";
import { createTruth, type LedgerDimension, type LedgerQuery } from "./truth";

export interface WorldOptions {
  /** The same seed and the same now make the same world. Default 1. */
  seed?: number;
  /** The world's clock. Default: the real one. */
  now?: () => Date;
  /**
   * When the world was first made. Default: now. Made again later with the same anchor, it has the same past up to the
   * hour of the first making, and has gone on since.
   */
  anchor?: Date;
  /** Days of history before the anchor. Default 30; 0 = none. */
  days?: number;
  /** Accounts, alike in their keys' names but not in their secrets or figures. Default 1. */
  accounts?: number;
  /** How the accounts' management keys begin. Default `sk-or-v1-`; newer ones begin with `sk-or-mgmt-`. */
  managementKeyPrefix?: string;
  /** Without it: the demo cast. A number makes that many plain keys, `key-0001` and so on, in the default workspace. */
  keys?: number;
  /** Slugs that plain keys use. Default: the first five of the catalogue. */
  models?: readonly string[];
  /** Requests of a plain key on a weekday. Default 20. */
  requestsPerDay?: number;
  /** How many days before the anchor the one spike day was. Default 12, within short histories half their length. */
  spikeDaysAgo?: number;
}

const DEFAULT_MODELS = catalogue.slice(0, 5).map((model) => model.slug);

/** An imaginary OpenRouter: accounts, keys, a past, and exact books about all of it. */
export function createWorld(options: WorldOptions = {}) {
  const {
    seed = 1,
    now = () => new Date(),
    days = 30,
    accounts = 1,
    keys,
    models = DEFAULT_MODELS,
    requestsPerDay = 20,
  } = options;
  const registry = createRegistry(seed, now);
  const ledger = createLedger();
  const truth = createTruth(ledger, (accountId) => registry.keys(accountId).map((key) => key.hash));
  const recorder = createRecorder({ seed, now, registry, ledger });

  const until = now();
  const { anchor = until } = options;
  const from = new Date(anchor.getTime() - days * DAY_MS);
  const spikeDay = dayOf(anchor) - (options.spikeDaysAgo ?? Math.min(12, Math.floor(days / 2)));
  const cast = keys === undefined ? demoCast : plainCast(keys, models, requestsPerDay);
  const profiles = new Map<string, CastMember["profile"]>();

  for (let number = 0; number < accounts; number += 1) {
    const account = registry.addAccount();
    const createdAt = new Date(from.getTime() - 20 * DAY_MS);
    const names = new Set([DEFAULT_WORKSPACE, ...cast.map((member) => member.workspace)]);
    const ids = new Map(
      [...names].map((name) => [name, registry.addWorkspace(name, { accountId: account.id, createdAt }).id]),
    );
    for (const member of cast) {
      const expiresAt = expiryOf(member, anchor);
      const key = registry.createKey({
        ...member.key,
        prefix: member.key.kind === "management" ? options.managementKeyPrefix : undefined,
        accountId: account.id,
        workspaceId: ids.get(member.workspace),
        createdAt,
        expiresAt,
      });
      profiles.set(key.hash, member.profile);
      if (!member.profile || days <= 0) continue;
      for (const cell of historyOf(key, member.profile, { seed, from, anchor, until, spikeDay })) recorder.book(cell);
    }
    const spent = registry.keys(account.id).reduce((sum, key) => sum + ledger.spend(key.hash).cost, 0);
    // Credits are bought in round sums; some are always left.
    account.creditsBought = safeUnits((Math.ceil(spent / 50e10) + 2) * 50e10);
  }

  function keyNamed(name: string, accountId = registry.account().id): SimulatedKey {
    const found = registry.keys(accountId).find((key) => key.name === name);
    if (!found) throw new RangeError(`No key is called ${name}`);
    return found;
  }

  return {
    ...registry,
    ...recorder,
    seed,
    now,
    books: ledger,
    destinations: createDestinations(seed, now),
    /** What each key of the cast does, by key hash; null or absent = it has no traffic of its own. */
    profiles,
    /** The first key of that name. Throws RangeError when there is none. */
    keyNamed,
    /** The account's management key. */
    managementKey: (accountId?: string) => keyNamed(MANAGEMENT_KEY, accountId),
    /** What Broadcast sends of a request in Privacy Mode: OTLP/JSON of three resource spans. */
    broadcast: (request: SimulatedRequest) =>
      broadcastBody(request, { userId: registry.account(request.accountId).userId }),
    /** Exact totals of what happened. */
    ledger: (query?: LedgerQuery) => truth.totals(query),
    /** The same per (hour, key, model, provider), or per the given dimensions. */
    ledgerRows: (query?: LedgerQuery, dimensions?: readonly LedgerDimension[]) => truth.rows(dimensions, query),
    /** Latencies (ms) and throughputs (tokens per second) of what happened, by the metrics' wire names. */
    speed: (query?: LedgerQuery) => truth.speed(query),
  };
}

export type World = ReturnType<typeof createWorld>;

function expiryOf(member: CastMember, anchor: Date): Date | null {
  if (member.expiredDaysAgo !== undefined) return new Date(anchor.getTime() - member.expiredDaysAgo * DAY_MS);
  if (member.expiresInDays !== undefined) return new Date(anchor.getTime() + member.expiresInDays * DAY_MS);
  return null;
}
