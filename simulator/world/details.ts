import { safeUnits } from "../money";
import { chanceOf, seedOf } from "./chance";
import { addNullable, type Cell } from "./ledger";

/** What the money bought: together the credits charged without the fees on BYOK requests. */
export const components = [
  "usage_upstream",
  "usage_cache",
  "usage_data",
  "usage_web",
  "usage_upstream_web",
  "usage_file",
  "usage_upstream_file",
  "usage_web_fetch",
  "usage_upstream_web_fetch",
] as const;
export type Component = (typeof components)[number];
const CACHE = components.indexOf("usage_cache");

/** What analytics reports beyond the plain counts, derived from a cell of the books. null = not reported. */
export interface Details {
  /** Prompt tokens that a cache held or could have held. */
  tokensCacheable: number | null;
  requestsFromCache: number;
  requestsGuarded: number;
  /** Units of 1e-10 USD, in the order of `components`; NaN = not reported: arrays of numbers alone are fast. */
  components: number[];
}

/** Which share of the charge each component after `usage_upstream` is, in thousandths, and what it is spent on. */
const split: readonly [share: number, purpose: string][] = [
  [40, "cache"],
  [10, "data"],
  [30, "web"],
  [20, "web"],
  [12, "file"],
  [8, "file"],
  [6, "fetch"],
  [4, "fetch"],
];
const ALWAYS = ["cache", "data"];
const splits = new Map<string | null, readonly number[]>();

/** The split of a model's charges: half of the models search the web, read files, fetch pages; NaN = never. */
function splitOf(model: string | null): readonly number[] {
  const known = splits.get(model);
  if (known) return known;
  const has = (purpose: string) => ALWAYS.includes(purpose) || chanceOf(seedOf(model ?? ""), seedOf(purpose)) < 0.5;
  const made = split.map(([share, purpose]) => (has(purpose) ? share : Number.NaN));
  splits.set(model, made);
  return made;
}

const DETAILS = 1;

/** A number in [0, 1) for one of the questions about one cell. */
export const cellChance = (cell: Cell, question: number) =>
  chanceOf(seedOf(cell.keyHash), seedOf(cell.model ?? ""), seedOf(cell.provider), cell.hour, question);

/** The details of a cell: the same whenever they are asked for, and exact: the components add up. */
export function detailsOf(cell: Cell): Details {
  const { requests, tokensPrompt, tokensCached } = cell;
  const chance = cellChance(cell, DETAILS);
  return {
    tokensCacheable: tokensCached === null ? null : tokensCached + Math.floor((tokensPrompt - tokensCached) * 0.3),
    requestsFromCache: Math.floor(requests * 0.04 + chance),
    requestsGuarded: Math.floor(requests * 0.02 + ((chance + 0.5) % 1)),
    components: componentsOf(cell),
  };
}

/** `usage_upstream` is what the others leave, to the last unit. Nothing is spent on a cache that a provider lacks. */
function componentsOf(cell: Cell): number[] {
  const parts = notReported();
  if (!cell.isCostReported) return parts;
  const charged = cell.cost - cell.byokFees;
  const shares = splitOf(cell.model);
  let upstream = charged;
  for (let index = 1; index < parts.length; index += 1) {
    if (index === CACHE && cell.tokensCached === null) continue;
    const part = Math.trunc((charged * (shares[index - 1] ?? 0)) / 1000);
    parts[index] = part;
    if (!Number.isNaN(part)) upstream -= part;
  }
  parts[0] = upstream;
  return parts;
}

const notReported = () => components.map(() => Number.NaN);

export const noDetails = (): Details => ({
  tokensCacheable: null,
  requestsFromCache: 0,
  requestsGuarded: 0,
  components: notReported(),
});

/** Adds details in place. */
export function addDetails(into: Details, more: Details): void {
  into.tokensCacheable = addNullable(into.tokensCacheable, more.tokensCacheable);
  into.requestsFromCache += more.requestsFromCache;
  into.requestsGuarded += more.requestsGuarded;
  for (let index = 0; index < more.components.length; index += 1) {
    const [sum = Number.NaN, part = Number.NaN] = [into.components[index], more.components[index]];
    if (!Number.isNaN(part)) into.components[index] = Number.isNaN(sum) ? part : safeUnits(sum + part);
  }
}

/** Units of a component; null = not reported. */
export function componentOf({ components: parts }: Details, index: number): number | null {
  const part = parts[index];
  return part === undefined || Number.isNaN(part) ? null : part;
}
