import { safeUnits } from "../money";
import { dayOfHour } from "../time";
import type { TokenCounts } from "../tokens";
import type { Traits } from "./traits";

/** What is counted of some traffic. Money in units of 1e-10 USD. */
export interface Counts extends TokenCounts {
  requests: number;
  byokRequests: number;
  /** Credits that OpenRouter charged, the BYOK fee included. */
  cost: number;
  /** False where OpenRouter reports no credits at all, null in its answers, as it may of BYOK requests. */
  isCostReported: boolean;
  /** The part of `cost` that is the fee on requests through the user's own provider keys. */
  byokFees: number;
  /** Estimated spend at the user's own provider, outside of OpenRouter's credits. */
  byokCost: number;
}

/** The truth about one hour of one key on one model at one provider. */
export interface Cell extends Counts {
  /** Hours since 1970, UTC. */
  hour: number;
  keyHash: string;
  /** The slug, or whatever was recorded; null = OpenRouter does not know. */
  model: string | null;
  provider: string;
  /** What is known of these generations; the rest is dealt out. Compared by reference (`sharedTraits`). */
  traits?: Partial<Traits> | undefined;
}

export interface Spend {
  cost: number;
  byokCost: number;
  /** Requests of `:free` models. */
  freeRequests: number;
}

const noSpend = (): Spend => ({ cost: 0, byokCost: 0, freeRequests: 0 });

/** A component that one side does not report is the other side's. */
export const addNullable = (left: number | null, right: number | null) =>
  left === null ? right : right === null ? left : left + right;

/** Adds counts in place. A component that one side does not report is the other side's. */
export function addCounts(into: Counts, more: Counts): void {
  into.requests += more.requests;
  into.byokRequests += more.byokRequests;
  into.tokensPrompt += more.tokensPrompt;
  into.tokensCompletion += more.tokensCompletion;
  into.tokensReasoning = addNullable(into.tokensReasoning, more.tokensReasoning);
  into.tokensCached = addNullable(into.tokensCached, more.tokensCached);
  into.cost = safeUnits(into.cost + more.cost);
  into.isCostReported ||= more.isCostReported;
  into.byokFees += more.byokFees;
  into.byokCost = safeUnits(into.byokCost + more.byokCost);
}

export const noCounts = (): Counts => ({
  requests: 0,
  byokRequests: 0,
  tokensPrompt: 0,
  tokensCompletion: 0,
  tokensReasoning: null,
  tokensCached: null,
  cost: 0,
  isCostReported: false,
  byokFees: 0,
  byokCost: 0,
});

function addSpend(into: Spend, { cost, byokCost, model, requests }: Cell): void {
  into.cost = safeUnits(into.cost + cost);
  into.byokCost = safeUnits(into.byokCost + byokCost);
  if (model?.endsWith(":free")) into.freeRequests += requests;
}

interface KeyBook {
  hours: Map<number, Cell[]>;
  days: Map<number, Spend>;
  total: Spend;
}

/** The simulator's own books: cells by key and hour, with running spend per key and day. */
export function createLedger() {
  const books = new Map<string, KeyBook>();

  function bookOf(keyHash: string): KeyBook {
    const known = books.get(keyHash);
    if (known) return known;
    const opened = { hours: new Map(), days: new Map(), total: noSpend() };
    books.set(keyHash, opened);
    return opened;
  }

  function add(cell: Cell): void {
    const book = bookOf(cell.keyHash);
    const cells = book.hours.get(cell.hour);
    const same = cells?.find(
      ({ model, provider, traits }) => model === cell.model && provider === cell.provider && traits === cell.traits,
    );
    if (same) addCounts(same, cell);
    else if (cells) cells.push({ ...cell });
    else book.hours.set(cell.hour, [{ ...cell }]);

    const day = dayOfHour(cell.hour);
    const spent = book.days.get(day) ?? noSpend();
    book.days.set(day, spent);
    addSpend(spent, cell);
    addSpend(book.total, cell);
  }

  /** Cells of the keys with fromHour ≤ hour < toHour. */
  function* cells(keyHashes: Iterable<string>, fromHour = -Infinity, toHour = Infinity): Generator<Cell> {
    for (const keyHash of keyHashes) {
      const hours = books.get(keyHash)?.hours;
      if (!hours) continue;
      if (toHour - fromHour < hours.size) {
        for (let hour = fromHour; hour < toHour; hour += 1) yield* hours.get(hour) ?? [];
      } else {
        for (const [hour, found] of hours) if (hour >= fromHour && hour < toHour) yield* found;
      }
    }
  }

  /** Spend of a key since a UTC day (days since 1970) or of all time. */
  function spend(keyHash: string, sinceDay?: number, today?: number): Spend {
    const book = books.get(keyHash);
    if (!book) return noSpend();
    if (sinceDay === undefined || today === undefined) return { ...book.total };
    const sum = noSpend();
    for (let day = sinceDay; day <= today; day += 1) {
      const spent = book.days.get(day);
      sum.cost += spent?.cost ?? 0;
      sum.byokCost += spent?.byokCost ?? 0;
      sum.freeRequests += spent?.freeRequests ?? 0;
    }
    return sum;
  }

  /** Every key that ever had traffic. */
  const keyHashes = () => [...books.keys()];

  return { add, cells, spend, keyHashes };
}

export type Ledger = ReturnType<typeof createLedger>;
