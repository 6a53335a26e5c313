import { type Endpoint, findEndpoint, findModel, type Model } from "../models";
import { textToUnits } from "../money";
import { createRandom } from "../random";
import { HOUR_MS, hourOf } from "../time";
import { priceTokens, sampleTokens, type TokenCounts } from "../tokens";
import type { Cell, Ledger } from "./ledger";
import type { Registry } from "./registry";
import { createRequestStore, generationId, type SimulatedRequest } from "./requests";
import { chargeFor } from "./traffic";
import { sharedTraits, type Traits } from "./traits";

/** One request to book. What is absent is made up; prices follow the catalogue unless `cost` is given. */
export interface NewRequest extends Partial<TokenCounts> {
  keyHash: string;
  model: string;
  provider?: string;
  /** Default: the world's now. A past moment makes a late row. */
  at?: Date;
  isByok?: boolean;
  /** Credits charged, decimal USD text; null = OpenRouter reports none of it, and it counts as 0 in sums. */
  cost?: string | null;
  failed?: boolean;
  finishReason?: string;
  /** What else is known of it: app, country and so on. What is not given is dealt out among all traffic. */
  traits?: Partial<Omit<Traits, "finish_reason" | "external_user">>;
  latencyMs?: number;
  generationMs?: number;
  /** The end user, `external_user` of analytics. */
  user?: string;
  session?: string;
}

/** Traffic of one hour to book as it stands. Money as decimal USD text; a negative cost is a refund. */
export interface NewTraffic extends Partial<TokenCounts> {
  keyHash: string;
  /** null = OpenRouter does not tell the model. */
  model: string | null;
  provider: string;
  at: Date;
  requests: number;
  /** null = OpenRouter reports no credits of it, as it may of BYOK requests; it counts as 0 in sums. */
  cost: string | null;
  /** What is known of these requests; what is not given is dealt out. */
  traits?: Partial<Traits>;
  byokRequests?: number;
  byokFees?: string;
  byokCost?: string;
}

interface Setting {
  seed: number;
  now: () => Date;
  registry: Registry;
  ledger: Ledger;
}

/** Writes what happens into the books. */
export function createRecorder({ seed, now, registry, ledger }: Setting) {
  const requests = createRequestStore();
  const random = createRandom(`${seed}/recorder`);
  let recorded = 0;

  function touch(keyHash: string, at: Date) {
    const key = registry.key(keyHash);
    if (key.lastUsedAt === null || key.lastUsedAt < at) key.lastUsedAt = at;
  }

  /** Books a cell; the key's last use becomes the middle of its hour, or now. */
  function book(cell: Cell): void {
    ledger.add(cell);
    touch(cell.keyHash, new Date(Math.min(cell.hour * HOUR_MS + HOUR_MS / 2, now().getTime())));
  }

  /** Books any number of requests of one hour at once, in the past too. */
  function addTraffic(traffic: NewTraffic): void {
    const { at, cost, byokRequests = 0, byokFees = "0", byokCost = "0" } = traffic;
    book({
      hour: hourOf(at),
      keyHash: traffic.keyHash,
      model: traffic.model,
      provider: traffic.provider,
      requests: traffic.requests,
      byokRequests,
      tokensPrompt: traffic.tokensPrompt ?? 0,
      tokensCompletion: traffic.tokensCompletion ?? 0,
      tokensReasoning: traffic.tokensReasoning ?? null,
      tokensCached: traffic.tokensCached ?? null,
      cost: textToUnits(cost ?? "0"),
      isCostReported: cost !== null,
      byokFees: textToUnits(byokFees),
      byokCost: textToUnits(byokCost),
      traits: sharedTraits(traffic.traits),
    });
  }

  function chooseEndpoint(model: Model | undefined, input: NewRequest): Endpoint {
    const named = input.provider === undefined ? undefined : findEndpoint(input.model, input.provider);
    if (named) return named;
    if (model && input.provider === undefined) return random.weighted(model.endpoints);
    if (input.cost === undefined)
      throw new RangeError(`No price is known for ${input.model} at ${input.provider}: give its cost`);
    return {
      provider: input.provider ?? "Unknown",
      tag: "unknown",
      weight: 1,
      prompt: 0,
      completion: 0,
      cacheRead: null,
    };
  }

  /** Books one request and remembers it for `GET /generation` and Broadcast. A failed one costs nothing and is not booked. */
  function record(input: NewRequest): SimulatedRequest {
    const key = registry.key(input.keyHash);
    const model = findModel(input.model);
    const endpoint = chooseEndpoint(model, input);
    const made = model
      ? sampleTokens(random, 1, model, endpoint, { promptFactor: 1, completionFactor: 1 })
      : { tokensPrompt: 0, tokensCompletion: 0, tokensReasoning: null, tokensCached: null };
    const tokens: TokenCounts = {
      tokensPrompt: input.tokensPrompt ?? made.tokensPrompt,
      tokensCompletion: input.tokensCompletion ?? made.tokensCompletion,
      tokensReasoning: within(input.tokensReasoning, made.tokensReasoning, input.tokensCompletion),
      tokensCached: within(input.tokensCached, made.tokensCached, input.tokensPrompt),
    };
    const isByok = input.isByok ?? false;
    const failed = input.failed ?? false;
    const listed = chargeFor(priceTokens(endpoint, tokens), isByok);
    const given = input.cost === undefined ? listed.cost : textToUnits(input.cost ?? "0");
    const charge = { ...listed, cost: given, byokFees: isByok ? given : 0 };
    const at = input.at ?? now();
    recorded += 1;
    const request: SimulatedRequest = {
      id: generationId(seed, recorded, at),
      accountId: key.accountId,
      keyHash: key.hash,
      keyName: key.name,
      workspaceId: key.workspaceId,
      model: input.model,
      provider: endpoint.provider,
      at,
      ...tokens,
      ...(failed ? { cost: 0, byokFees: 0, byokCost: 0 } : charge),
      isByok,
      latencyMs: input.latencyMs ?? Math.round(350 + 900 * random.next() ** 2),
      generationMs: input.generationMs ?? Math.round(200 + tokens.tokensCompletion * 11 * (0.5 + random.next())),
      finishReason: failed ? "error" : (input.finishReason ?? "stop"),
      failed,
      user: input.user ?? null,
      session: input.session ?? null,
    };
    requests.add(request);
    touch(key.hash, at);
    if (!failed) {
      const { cost, byokFees, byokCost } = request;
      const { keyHash, provider } = request;
      ledger.add({
        hour: hourOf(at),
        keyHash,
        model: input.model,
        provider,
        requests: 1,
        byokRequests: isByok ? 1 : 0,
        ...tokens,
        cost,
        isCostReported: input.cost !== null,
        byokFees,
        byokCost,
        traits: sharedTraits({ ...input.traits, finish_reason: request.finishReason, external_user: input.user }),
      });
    }
    return request;
  }

  return { book, addTraffic, record, requests };
}

/** A component as given, else as made up; never more than the whole that the caller gave. */
function within(given: number | null | undefined, made: number | null, whole: number | undefined): number | null {
  if (given !== undefined) return given;
  return made === null || whole === undefined ? made : Math.min(made, whole);
}
