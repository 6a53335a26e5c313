import { variantOf } from "../model-names";
import { unitsToText } from "../money";
import { dateText, hourOf, hourStart } from "../time";
import { type Component, componentOf, components } from "./details";
import { addFigures, type Figures, noFigures, takePortions } from "./figures";
import type { Cell, Ledger } from "./ledger";
import { readSpeed, speedNames } from "./speed";
import { kinds, type Traits } from "./traits";

/** Which part of the books is asked for. `from` is inclusive and `to` exclusive; both count by the hour's beginning. */
export interface LedgerQuery {
  keyHash?: string | readonly string[];
  accountId?: string;
  from?: Date;
  to?: Date;
  /** null = those of which OpenRouter does not know the model. */
  model?: string | null;
  provider?: string;
}

/** Exact totals; money as decimal USD text, null = no request of these reports the component. */
export interface LedgerTotals {
  requests: number;
  byokRequests: number;
  tokensPrompt: number;
  tokensCompletion: number;
  tokensReasoning: number | null;
  tokensCached: number | null;
  /** Prompt tokens that a cache held or could have held. */
  tokensCacheable: number | null;
  requestsFromCache: number;
  requestsGuarded: number;
  /** Credits charged, the BYOK fee included. */
  cost: string;
  /** The fee's part of `cost`. */
  byokFees: string;
  /** Estimated spend at the user's own providers, not part of `cost`. */
  byokCost: string;
  /** What the money bought; together `cost` without `byokFees`. */
  components: Record<Component, string | null>;
}

const traitNames = Object.keys(kinds[0]?.traits ?? {}) as (keyof Traits)[];
const isTrait = (name: string): name is keyof Traits => traitNames.some((trait) => trait === name);

const read = {
  hour: (cell: Cell) => hourStart(cell.hour).toISOString(),
  date: (cell: Cell) => dateText(hourStart(cell.hour)),
  keyHash: (cell: Cell) => cell.keyHash,
  model: (cell: Cell) => cell.model,
  provider: (cell: Cell) => cell.provider,
  variant: (cell: Cell) => variantOf(cell.model ?? ""),
};
export type LedgerDimension = keyof typeof read | keyof Traits;

/** What the books can be grouped by. */
export const ledgerDimensions: readonly LedgerDimension[] = [
  ...(Object.keys(read) as (keyof typeof read)[]),
  ...traitNames,
];

/** A group of the books: the asked dimensions (hour as ISO time, date as `YYYY-MM-DD`) and its totals. */
export type LedgerRow = Partial<Record<LedgerDimension, string | null>> & LedgerTotals;

const textOrNull = (units: number | null) => (units === null ? null : unitsToText(units));

function totalsOf({ counts, details }: Figures): LedgerTotals {
  const { isCostReported: _, ...plain } = counts;
  return {
    ...plain,
    tokensCacheable: details?.tokensCacheable ?? null,
    requestsFromCache: details?.requestsFromCache ?? 0,
    requestsGuarded: details?.requestsGuarded ?? 0,
    cost: unitsToText(counts.cost),
    byokFees: unitsToText(counts.byokFees),
    byokCost: unitsToText(counts.byokCost),
    components: Object.fromEntries(
      components.map((name, index) => [name, textOrNull(details && componentOf(details, index))]),
    ) as Record<Component, string | null>,
  };
}

/** Questions to the books, for tests that compare a product's figures with what really happened. */
export function createTruth(ledger: Ledger, hashesOf: (accountId: string) => string[]) {
  function* select(query: LedgerQuery): Generator<Cell> {
    const asked = query.keyHash === undefined ? undefined : [query.keyHash].flat();
    const hashes = asked ?? (query.accountId === undefined ? ledger.keyHashes() : hashesOf(query.accountId));
    const from = query.from === undefined ? -Infinity : hourOf(new Date(query.from.getTime() - 1)) + 1;
    const to = query.to === undefined ? Infinity : hourOf(new Date(query.to.getTime() - 1)) + 1;
    for (const cell of ledger.cells(hashes, from, to)) {
      if (query.model !== undefined && cell.model !== query.model) continue;
      if (query.provider !== undefined && cell.provider !== query.provider) continue;
      yield cell;
    }
  }

  function sum(query: LedgerQuery, wanted: { details: boolean; speed: boolean }): Figures {
    const whole = { traits: false, ...wanted };
    const figures = noFigures(whole);
    for (const cell of select(query))
      takePortions(cell, whole, (_, counts, details) => addFigures(figures, cell, counts, details));
    return figures;
  }

  const totals = (query: LedgerQuery = {}): LedgerTotals => totalsOf(sum(query, { details: true, speed: false }));

  /** The latency and throughput metrics of the selected requests, by wire name; null without requests. */
  function speed(query: LedgerQuery = {}): Record<string, number | null> {
    const { speed: histogram } = sum(query, { details: false, speed: true });
    return Object.fromEntries(speedNames.map((name) => [name, histogram && readSpeed(histogram, name)]));
  }

  /** Totals per combination of the dimensions, sorted by them. */
  function rows(
    dimensions: readonly LedgerDimension[] = ["hour", "keyHash", "model", "provider"],
    query: LedgerQuery = {},
  ): LedgerRow[] {
    const wanted = { traits: dimensions.some(isTrait), details: true, speed: false };
    const groups = new Map<string, { names: (string | null)[]; figures: Figures }>();
    for (const cell of select(query)) {
      takePortions(cell, wanted, (traits, counts, details) => {
        const names = dimensions.map((name) => (isTrait(name) ? textOf(traits?.[name]) : read[name](cell)));
        const id = JSON.stringify(names);
        const group = groups.get(id) ?? { names, figures: noFigures(wanted) };
        addFigures(group.figures, cell, counts, details);
        groups.set(id, group);
      });
    }
    return [...groups.entries()]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([, { names, figures }]) => ({
        ...Object.fromEntries(dimensions.map((dimension, index) => [dimension, names[index]])),
        ...totalsOf(figures),
      }));
  }

  return { totals, rows, speed };
}

const textOf = (value: string | boolean | null | undefined) =>
  value === null || value === undefined ? null : String(value);
