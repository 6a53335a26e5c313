import type { UsageRow } from "./book";

/** Half a character, of which no two are told apart in the database: it gets a replacement for each. */
const MALFORMED = /\p{Surrogate}/u;

/** Whether several rows are of one key, hour, model and provider, or could be. In maps of maps, because putting 20,000 texts together takes several times longer. */
export function mayRepeat(rows: UsageRow[]): boolean {
  const models = new Map<string, Map<string, Map<number, Set<number>>>>();
  for (const { apiKeyId, hour, model, provider } of rows) {
    const providers = childOf(models, model ?? "", () => new Map());
    const keys = childOf(providers, provider ?? "", () => new Map());
    const hours = childOf(keys, apiKeyId, () => new Set());
    if (hours.has(hour.getTime())) return true;
    hours.add(hour.getTime());
  }
  return [...models].some(([model, providers]) => [model, ...providers.keys()].some((name) => MALFORMED.test(name)));
}

function childOf<Key, Child>(parents: Map<Key, Child>, key: Key, make: () => Child): Child {
  const known = parents.get(key);
  if (known) return known;
  const made = make();
  parents.set(key, made);
  return made;
}
