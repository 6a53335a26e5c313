import type { SimulatedKey } from "../world/keys";
import type { Cell } from "../world/ledger";
import type { Traits } from "../world/traits";
import type { Context, Value } from "./dimensions";
import { type Filter, passes } from "./filters";
import type { AnalyticsQuery } from "./query";

export interface Label {
  /** The dimension columns as shown. */
  columns: Record<string, Value>;
  /** All columns of one dimension combination, as one text. */
  combination: string;
  /** Counts the combinations of dimension columns. */
  number: number;
}

/** The label of each kind of generation within a series; null = the filters leave it out. */
type Series = Map<Traits | null, Label | null>;

/**
 * Names the dimension columns of a cell, or of a part of it, or answers null when the filters leave it out. Each
 * (key, model, provider) and its traits is worked out once, so that a year of cells costs no text.
 */
export function createLabels(query: AnalyticsQuery, filters: Filter[], context: Context) {
  const byKey = new Map<string, Map<string | null, Map<string, Series>>>();
  const byCombination = new Map<string, Label>();

  function make({ model, provider }: Cell, key: SimulatedKey, traits: Traits | null): Label | null {
    const subject = { key, model, provider, traits };
    if (!passes(filters, subject, context)) return null;
    const shown = query.dimensions.flatMap(([, dimension]) => Object.entries(dimension.show(subject, context)));
    const columns: Record<string, Value> = Object.fromEntries(shown);
    const combination = JSON.stringify(Object.values(columns));
    const made = byCombination.get(combination) ?? { columns, combination, number: byCombination.size };
    byCombination.set(combination, made);
    return made;
  }

  function seriesOf({ keyHash, model, provider }: Cell): Series {
    const byModel = within(byKey, keyHash, () => new Map<string | null, Map<string, Series>>());
    const byProvider = within(byModel, model, () => new Map<string, Series>());
    return within(byProvider, provider, () => new Map<Traits | null, Label | null>());
  }

  return (cell: Cell, key: SimulatedKey, traits: Traits | null): Label | null =>
    within(seriesOf(cell), traits, () => make(cell, key, traits));
}

/** A map's entry, made when it is first asked for. */
function within<Key, Entry>(map: Map<Key, Entry>, key: Key, make: () => Entry): Entry {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
