/** What OpenRouter knows of a single generation beyond model and provider, by the wire names. null = unset. */
export interface Traits {
  finish_reason: string;
  app: string;
  origin: string | null;
  data_region: string;
  country: string | null;
  external_user: string | null;
  context_length_bucket: string;
  streamed: boolean;
}

/** A kind of generation and its share of the traffic, in thousandths. */
interface Kind {
  share: number;
  traits: Traits;
}

export const UNKNOWN_APP = "Unknown";

/** The kinds of generations that all traffic is made of; the shares add up to 1000. */
export const kinds: readonly Kind[] = [
  kind(400, "stop", "Web Shop", "https://shop.example", "global", "DE", "customer-4711", "<8K", true),
  kind(180, "tool_calls", "Coding Assistant", null, "global", "IT", null, "8K-32K", true),
  kind(120, "length", "Web Shop", "https://shop.example", "europe", "DE", "customer-4712", "<8K", true),
  kind(100, "stop", UNKNOWN_APP, null, "global", "US", null, "<8K", false),
  kind(80, "stop", "Nightly Batch", "https://batch.example", "us", "US", null, "32K-128K", false),
  kind(60, "error", UNKNOWN_APP, null, "global", null, null, "<8K", false),
  kind(40, "content_filter", "Web Shop", "https://shop.example", "europe", "FR", "customer-4711", "<8K", true),
  kind(20, "stop", "Coding Assistant", null, "global", "IT", null, ">128K", true),
];

function kind(
  share: number,
  finish_reason: string,
  app: string,
  origin: string | null,
  data_region: string,
  country: string | null,
  external_user: string | null,
  context_length_bucket: string,
  streamed: boolean,
): Kind {
  return {
    share,
    traits: { finish_reason, app, origin, data_region, country, external_user, context_length_bucket, streamed },
  };
}

/** The traits of each kind where some of them are given, the same objects each time. */
export function kindsWith(given: Partial<Traits> | undefined): readonly Traits[] {
  if (given === undefined) return plain;
  const known = completed.get(given);
  if (known) return known;
  const made = kinds.map(({ traits }) => ({ ...traits, ...given }));
  completed.set(given, made);
  return made;
}

const plain = kinds.map(({ traits }) => traits);
const completed = new WeakMap<Partial<Traits>, readonly Traits[]>();
const shared = new Map<string, Partial<Traits>>();

/** The one object of these traits, so that they can be compared by reference; undefined when none is given. */
export function sharedTraits(given: Partial<Traits> = {}): Partial<Traits> | undefined {
  const entries = Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1));
  if (entries.length === 0) return undefined;
  const id = JSON.stringify(entries);
  const known = shared.get(id) ?? (Object.fromEntries(entries) as Partial<Traits>);
  shared.set(id, known);
  return known;
}
