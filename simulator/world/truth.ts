import { unitsToText } from "../money";
import { dateText, hourOf, hourStart } from "../time";
import { addCounts, type Cell, type Counts, type Ledger, noCounts } from "./ledger";

/** Which part of the books is asked for. `from` is inclusive and `to` exclusive; both count by the hour's beginning. */
export interface LedgerQuery {
  keyHash?: string | readonly string[];
  accountId?: string;
  from?: Date;
  to?: Date;
  model?: string;
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
  /** Credits charged, the BYOK fee included. */
  cost: string;
  /** The fee's part of `cost`. */
  byokFees: string;
  /** Estimated spend at the user's own providers, not part of `cost`. */
  byokCost: string;
}

export type LedgerDimension = "hour" | "date" | "keyHash" | "model" | "provider";

/** A group of the books: the asked dimensions (hour as ISO time, date as `YYYY-MM-DD`) and its totals. */
export type LedgerRow = Partial<Record<LedgerDimension, string>> & LedgerTotals;

function totalsOf(counts: Counts): LedgerTotals {
  return {
    ...counts,
    cost: unitsToText(counts.cost),
    byokFees: unitsToText(counts.byokFees),
    byokCost: unitsToText(counts.byokCost),
  };
}

const read: Record<LedgerDimension, (cell: Cell) => string> = {
  hour: (cell) => hourStart(cell.hour).toISOString(),
  date: (cell) => dateText(hourStart(cell.hour)),
  keyHash: (cell) => cell.keyHash,
  model: (cell) => cell.model,
  provider: (cell) => cell.provider,
};

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

  function totals(query: LedgerQuery = {}): LedgerTotals {
    const sum = noCounts();
    for (const cell of select(query)) addCounts(sum, cell);
    return totalsOf(sum);
  }

  /** Totals per combination of the dimensions, sorted by them. */
  function rows(
    dimensions: readonly LedgerDimension[] = ["hour", "keyHash", "model", "provider"],
    query: LedgerQuery = {},
  ): LedgerRow[] {
    const groups = new Map<string, { names: string[]; counts: Counts }>();
    for (const cell of select(query)) {
      const names = dimensions.map((dimension) => read[dimension](cell));
      const id = names.join("\n");
      const group = groups.get(id) ?? { names, counts: noCounts() };
      addCounts(group.counts, cell);
      groups.set(id, group);
    }
    return [...groups.entries()]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([, { names, counts }]) => ({
        ...Object.fromEntries(dimensions.map((dimension, index) => [dimension, names[index]])),
        ...totalsOf(counts),
      }));
  }

  return { totals, rows };
}
