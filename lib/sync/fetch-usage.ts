import "server-only";
import { type AnalyticsRow, type Dimension, queryAnalytics } from "@/lib/openrouter/analytics";
import type { Call } from "@/lib/openrouter/client";
import { UpstreamError } from "@/lib/openrouter/errors";
import { concurrently } from "./concurrently";
import { heirOf, type Owners, ownersByName, soleOwner } from "./names";
import { cutSlice, type Slice } from "./plan";
import { residualOf } from "./residual";
import type { ListedKey } from "./roster";

/** Requests of one account under way at once; the pace of 64 a minute holds beside it. */
const WIDTH = 4;
/** Up to so many keys, one question shows which of them have usage at all. */
const FEW_KEYS = 64;

export type Fetched = {
  /** Usage of each key; every live key that was asked about has an entry, if an empty one. */
  byKey: Map<number, AnalyticsRow[]>;
  /** Usage of the account that belongs to no key we know: Chatroom, keys made through OAuth. */
  unattributed: AnalyticsRow[];
  failures: Map<number, UpstreamError>;
  /** Rows that could not be read. */
  rejected: number;
  /** Whether nothing can be missing from what was read. */
  isComplete: boolean;
};

type Asking = { secret: string; slice: Slice; call: Call; fetched: Fetched };

/**
 * A slice of an account's usage, in pieces that OpenRouter answers whole. Few requests: one question tells which keys and models have usage; then either each such key
 * is asked by its hash, or each model once for all keys, whichever is fewer, because provider makes a third dimension and OpenRouter takes two. Names
 * that several keys bear are always asked by hash, and what is left of such a name is nobody's, never dropped.
 */
export async function* fetchUsage(
  secret: string,
  keys: ListedKey[],
  slice: Slice,
  call: Call,
): AsyncGenerator<{ piece: Slice; fetched: Fetched }> {
  const begin = (piece: Slice): Asking => ({ secret, slice: piece, call, fetched: nothingFetched(keys) });
  const owners = ownersByName(keys);
  const pieces = cutSlice(slice, keys.length);
  if (keys.length <= FEW_KEYS) {
    for (const piece of pieces) yield { piece, fetched: await fetchFewKeys(begin(piece), keys, owners) };
    return;
  }
  // The last piece is asked for its models when its turn comes: time may have gone on.
  const last = pieces.pop() ?? slice;
  const before = begin({ ...slice, end: last.start });
  const cells = pieces.length > 0 ? await ask(before, ["model"]) : [];
  for (const piece of [...pieces, last]) {
    const asking = begin(piece);
    const inPiece = (row: AnalyticsRow) => row.bucket >= piece.start && row.bucket < piece.end;
    const models = distinct((piece === last ? await ask(asking, ["model"]) : cells.filter(inPiece)).map(modelOf));
    await takeByName(asking, owners, await askEachModel(asking, models), "rows");
    // What could not be read of the list of models may be a model of any piece.
    if (before.fetched.rejected > 0) asking.fetched.isComplete = false;
    if (piece === last) asking.fetched.rejected += before.fetched.rejected;
    yield { piece, fetched: asking.fetched };
  }
}

async function fetchFewKeys(asking: Asking, keys: ListedKey[], owners: Map<string, Owners>): Promise<Fetched> {
  const isDaily = asking.slice.granularity === "day";
  const whole = await ask(asking, ["api_key_id", "model"]);
  const models = distinct(whole.map(modelOf));
  const spenders = keys.filter((key) => !key.isDeleted && whole.some((row) => row.keyName === key.name));
  if (isDaily || spenders.length <= models.length) await takeByName(asking, owners, whole, isDaily ? "rows" : "hashes");
  else await takeByName(asking, owners, await askEachModel(asking, models), "rows");
  return asking.fetched;
}

const modelOf = (row: AnalyticsRow): string | null => row.model;

const nothingFetched = (keys: ListedKey[]): Fetched => ({
  byKey: new Map(keys.map((key) => [key.id, []])),
  unattributed: [],
  failures: new Map(),
  rejected: 0,
  isComplete: true,
});

/** One key's own usage, by its hash. */
export async function fetchKeyUsage(secret: string, key: ListedKey, slice: Slice, call: Call): Promise<Fetched> {
  const fetched = nothingFetched([]);
  await askByHash({ secret, slice, call, fetched }, key);
  return fetched;
}

/**
 * Hands an account's rows to the keys their names mean. A name of one key is taken as it stands (`rows`) or asked again by hash for its providers (`hashes`).
 */
async function takeByName(
  asking: Asking,
  owners: Map<string, Owners>,
  rows: AnalyticsRow[],
  sole: "rows" | "hashes",
): Promise<void> {
  const { byKey, failures, unattributed } = asking.fetched;
  const byName = groupByName(rows);
  await concurrently([...byName], WIDTH, async ([name, named]) => {
    const owner = owners.get(name);
    const only = soleOwner(owner);
    if (!owner) return void unattributed.push(...named);
    if (only && !only.isActive) return;
    if (only && (sole === "rows" || only.isDeleted)) return void byKey.set(only.id, named);
    await concurrently(owner.live, WIDTH, (key) => askByHash(asking, key));
    if (owner.live.some((key) => failures.has(key.id))) return;
    const left = residualOf(
      named,
      owner.live.flatMap((key) => byKey.get(key.id) ?? []),
    );
    const heir = heirOf(owner);
    if (heir) byKey.set(heir.id, left);
    else unattributed.push(...left);
  });
}

async function askByHash(asking: Asking, key: ListedKey): Promise<void> {
  const filters = [{ field: "api_key_id" as const, operator: "eq" as const, value: key.hash }];
  try {
    asking.fetched.byKey.set(key.id, await ask(asking, ["model", "provider"], filters));
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.reason === "unauthorized") throw error;
    asking.fetched.byKey.delete(key.id);
    asking.fetched.failures.set(key.id, error);
  }
}

async function askEachModel(asking: Asking, models: string[]): Promise<AnalyticsRow[]> {
  const rows: AnalyticsRow[] = [];
  await concurrently(models, WIDTH, async (model) => {
    const filters = [{ field: "model" as const, operator: "eq" as const, value: model }];
    for (const row of await ask(asking, ["api_key_id", "provider"], filters)) rows.push(Object.assign(row, { model }));
  });
  return rows;
}

/** Providers are kept by OpenRouter for 31 days only, which is as long as hours are; where it refuses them, the rest is asked without. */
async function ask(
  { secret, slice, call, fetched }: Asking,
  wanted: Dimension[],
  filters?: Parameters<typeof queryAnalytics>[1]["filters"],
) {
  const without = wanted.filter((dimension) => dimension !== "provider");
  const query = (dimensions: Dimension[]) =>
    queryAnalytics(secret, { dimensions, granularity: slice.granularity, ...(filters && { filters }) }, slice, call);
  let answer: Awaited<ReturnType<typeof queryAnalytics>>;
  try {
    answer = await query(slice.granularity === "day" ? without : wanted);
  } catch (error) {
    const retriable =
      error instanceof UpstreamError && error.reason === "bad_request" && without.length < wanted.length;
    if (!retriable || slice.granularity === "day") throw error;
    answer = await query(without);
  }
  fetched.rejected += answer.rejected;
  if (answer.rejected > 0) fetched.isComplete = false;
  return answer.rows;
}

function groupByName(rows: AnalyticsRow[]): Map<string, AnalyticsRow[]> {
  const groups = new Map<string, AnalyticsRow[]>();
  for (const row of rows) {
    const name = row.keyName ?? "";
    const group = groups.get(name);
    if (group) group.push(row);
    else groups.set(name, [row]);
  }
  return groups;
}

const distinct = (values: (string | null)[]): string[] => [...new Set(values.filter((value) => value !== null))];
