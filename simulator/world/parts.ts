import { cellChance, type Details } from "./details";
import type { Cell, Counts } from "./ledger";
import { kinds, kindsWith, type Traits } from "./traits";

/** The generations of one kind within a cell. The parts of a cell add up to it in every count. */
export interface Part {
  traits: Traits;
  counts: Counts;
  details: Details | null;
}

const DEALING = 2;

/** Divides a cell, and its details where wanted, among the kinds of generations; those without requests are left out. */
export function partsOf(cell: Cell, details: Details | null): Part[] {
  const traits = kindsWith(cell.traits);
  const marks = requestMarks(cell);
  const columns = dealCounts(cell, marks);
  const dealtDetails = details && dealDetails(details, marks);
  return columns.flatMap((counts, index) => {
    const kind = traits[index];
    const isEmpty = marks[index] === marks[index + 1] && !(cell.requests === 0 && index === 0);
    return !kind || isEmpty ? [] : [{ traits: kind, counts, details: dealtDetails?.[index] ?? null }];
  });
}

/** How many requests lie before each kind, and at last all: sampled, so that a single request may be of any kind. */
function requestMarks(cell: Cell): number[] {
  const offset = cellChance(cell, DEALING);
  let share = 0;
  const marks = kinds.map((kind) => {
    const before = Math.floor((cell.requests * share) / 1000 + offset);
    share += kind.share;
    return before;
  });
  return [...marks, cell.requests];
}

/** A whole number cut at the marks; all of it goes to the first kind where there is no request, as with a refund. */
function deal(total: number, marks: readonly number[]): number[] {
  const all = marks.at(-1) ?? 0;
  let before = 0;
  return marks.slice(1).map((mark) => {
    const until = mark === all ? total : Math.round(total * (mark / all));
    const part = until - before;
    before = until;
    return part;
  });
}

const dealNullable = (total: number | null, marks: readonly number[]) =>
  total === null ? kinds.map(() => null) : deal(total, marks);

function dealCounts(cell: Cell, marks: readonly number[]): Counts[] {
  const requests = deal(cell.requests, marks);
  const byokRequests = deal(cell.byokRequests, marks);
  const tokensPrompt = deal(cell.tokensPrompt, marks);
  const tokensCompletion = deal(cell.tokensCompletion, marks);
  const tokensReasoning = dealNullable(cell.tokensReasoning, marks);
  const tokensCached = dealNullable(cell.tokensCached, marks);
  const cost = deal(cell.cost, marks);
  const byokFees = deal(cell.byokFees, marks);
  const byokCost = deal(cell.byokCost, marks);
  return kinds.map((_, index) => ({
    requests: requests[index] ?? 0,
    byokRequests: byokRequests[index] ?? 0,
    tokensPrompt: tokensPrompt[index] ?? 0,
    tokensCompletion: tokensCompletion[index] ?? 0,
    tokensReasoning: tokensReasoning[index] ?? null,
    tokensCached: tokensCached[index] ?? null,
    cost: cost[index] ?? 0,
    isCostReported: cell.isCostReported,
    byokFees: byokFees[index] ?? 0,
    byokCost: byokCost[index] ?? 0,
  }));
}

function dealDetails(details: Details, marks: readonly number[]): Details[] {
  const tokensCacheable = dealNullable(details.tokensCacheable, marks);
  const requestsFromCache = deal(details.requestsFromCache, marks);
  const requestsGuarded = deal(details.requestsGuarded, marks);
  const components = details.components.map((component) => deal(component, marks));
  return kinds.map((_, index) => ({
    tokensCacheable: tokensCacheable[index] ?? null,
    requestsFromCache: requestsFromCache[index] ?? 0,
    requestsGuarded: requestsGuarded[index] ?? 0,
    components: components.map((dealt) => dealt[index] ?? Number.NaN),
  }));
}
