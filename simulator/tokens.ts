import type { Endpoint, Model } from "./models";
import type { Random } from "./random";

/** [share of requests below, tokens]; read from one hour of conversations, 19,366 requests of 2023. Source: Azure Public Dataset, CC-BY-4.0. */
type Quantiles = readonly (readonly [number, number])[];
const PROMPT_TOKENS: Quantiles = [
  [0, 2],
  [0.01, 29],
  [0.05, 181],
  [0.1, 207],
  [0.25, 396],
  [0.5, 1020],
  [0.75, 1189],
  [0.9, 2735],
  [0.95, 4083],
  [0.99, 4142],
  [0.999, 6212],
  [1, 14050],
];
const COMPLETION_TOKENS: Quantiles = [
  [0, 7],
  [0.01, 16],
  [0.05, 41],
  [0.1, 54],
  [0.25, 85],
  [0.5, 129],
  [0.75, 395],
  [0.9, 424],
  [0.95, 451],
  [0.99, 601],
  [0.999, 954],
  [1, 1000],
];

/** Token counts; null = this model or provider reports no such component. Reasoning is part of completion, cached of prompt. */
export interface TokenCounts {
  tokensPrompt: number;
  tokensCompletion: number;
  tokensReasoning: number | null;
  tokensCached: number | null;
}

/** What an application does to the usual counts: 1 = a plain conversation. */
export interface TokenShape {
  promptFactor: number;
  completionFactor: number;
}

function quantile(table: Quantiles, share: number): number {
  let [lowShare, low] = table[0] ?? [0, 1];
  for (const [highShare, high] of table) {
    if (share < highShare) {
      const position = (share - lowShare) / (highShare - lowShare);
      return low * (high / low) ** position;
    }
    lowShare = highShare;
    low = high;
  }
  return low;
}

/** Samples kept per hour: beyond it the sum is scaled, which keeps a year fast to make. */
const SAMPLES = 24;

/** Token counts of `requests` requests together, heavy-tailed as in real traffic. */
export function sampleTokens(
  random: Random,
  requests: number,
  model: Model,
  endpoint: Endpoint,
  shape: TokenShape,
): TokenCounts {
  const samples = Math.min(requests, SAMPLES);
  let prompt = 0;
  let completion = 0;
  for (let index = 0; index < samples; index += 1) {
    prompt += quantile(PROMPT_TOKENS, random.next());
    completion += quantile(COMPLETION_TOKENS, random.next());
  }
  const scale = samples === 0 ? 0 : requests / samples;
  const tokensPrompt = Math.max(requests, Math.round(prompt * scale * shape.promptFactor));
  const tokensCompletion = Math.max(requests, Math.round(completion * scale * shape.completionFactor));
  return {
    tokensPrompt,
    tokensCompletion,
    tokensReasoning: model.reasons ? Math.floor(tokensCompletion * random.next() * 0.6) : null,
    tokensCached: endpoint.cacheRead === null ? null : Math.floor(tokensPrompt * random.next() * 0.5),
  };
}

/** List price of token counts at an endpoint, in units of 1e-10 USD. */
export function priceTokens(endpoint: Endpoint, counts: TokenCounts): number {
  const cached = endpoint.cacheRead === null ? 0 : (counts.tokensCached ?? 0);
  return (
    (counts.tokensPrompt - cached) * endpoint.prompt +
    cached * (endpoint.cacheRead ?? 0) +
    counts.tokensCompletion * endpoint.completion
  );
}
