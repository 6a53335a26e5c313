import type { UsageRow } from "./ingest-usage";

/** Half a character, of which no two are told apart in the database: it gets a replacement for each. */
const MALFORMED = /\p{Surrogate}/u;

/**
 * Whether several rows are of one key, hour, model and provider, or could be. A table of row numbers, found by a hash: a large account's rows fill most of the
 * memory there is, and texts or maps of their identities would need as much again.
 */
export function mayRepeat(rows: UsageRow[]): boolean {
  const names = new Map<string, number>();
  const numberOf = (name: string | null): number => {
    const known = names.get(name ?? "") ?? names.size;
    if (known === names.size) names.set(name ?? "", known);
    return known;
  };
  const last = 2 ** Math.ceil(Math.log2(rows.length * 2 + 1)) - 1;
  const table = new Int32Array(last + 1);
  for (const [index, row] of rows.entries()) {
    let place = hash(row.apiKeyId, row.hour.getTime() / 60_000, numberOf(row.model), numberOf(row.provider)) & last;
    for (let other = rows[(table[place] ?? 0) - 1]; other; other = rows[(table[place] ?? 0) - 1]) {
      if (isSame(row, other)) return true;
      place = (place + 1) & last;
    }
    table[place] = index + 1;
  }
  return [...names.keys()].some((name) => MALFORMED.test(name));
}

const hash = (...numbers: number[]): number => {
  let mixed = 0;
  for (const number of numbers) {
    mixed = Math.imul(mixed ^ number, 0x9e3779b1);
    mixed ^= mixed >>> 15;
  }
  return mixed;
};

const isSame = (one: UsageRow, other: UsageRow): boolean =>
  one.apiKeyId === other.apiKeyId &&
  one.hour.getTime() === other.hour.getTime() &&
  (one.model ?? "") === (other.model ?? "") &&
  (one.provider ?? "") === (other.provider ?? "");
