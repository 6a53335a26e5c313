import { stableUuid } from "./digest";

/** A receiver of Broadcast, as stored: secrets in `config` are plain here and masked on the wire. */
export interface Destination {
  id: string;
  accountId: string;
  workspaceId: string;
  name: string | null;
  type: string;
  enabled: boolean;
  config: Record<string, unknown>;
  privacyMode: boolean;
  samplingRate: number;
  apiKeyHashes: string[] | null;
  filterRules: unknown;
  generationCost: boolean;
  generationIdentity: boolean;
  generationRequestContext: boolean;
  regions: string[];
  createdAt: Date;
  updatedAt: Date;
}

export type NewDestination = Omit<Destination, "id" | "createdAt" | "updatedAt">;

/** The destinations of a world, in the order of creation. */
export function createDestinations(seed: number, now: () => Date) {
  const byId = new Map<string, Destination>();
  let created = 0;
  return {
    add(input: NewDestination): Destination {
      created += 1;
      const destination = {
        ...input,
        id: stableUuid(`${seed}/destination/${created}`),
        createdAt: now(),
        updatedAt: now(),
      };
      byId.set(destination.id, destination);
      return destination;
    },
    find: (id: string) => byId.get(id),
    remove: (id: string) => byId.delete(id),
    all: () => [...byId.values()],
  };
}

/** `Bearer abcdwxyz` → `Bear...wxyz`; short secrets vanish whole. */
export const maskSecret = (secret: string) =>
  secret.length > 8 ? `${secret.slice(0, 4)}...${secret.slice(-4)}` : "...";

const SECRET_FIELD = /secret|key|token|password/i;

/** A config as the API shows it: header values and fields that hold secrets are masked. */
export function maskConfig(config: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([field, value]) => {
      if (field === "headers" && typeof value === "object" && value !== null) return [field, maskAll(value)];
      return [field, typeof value === "string" && SECRET_FIELD.test(field) ? maskSecret(value) : value];
    }),
  );
}

const maskAll = (values: object) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, maskSecret(String(value))]));

/** A changed config in which values that are still masked keep what was stored. */
export function mergeConfig(stored: Record<string, unknown>, sent: Record<string, unknown>): Record<string, unknown> {
  const masked = maskConfig(stored);
  const merged: Record<string, unknown> = { ...stored };
  for (const [field, value] of Object.entries(sent)) {
    if (field === "headers" && isRecord(value) && isRecord(stored.headers) && isRecord(masked.headers)) {
      merged.headers = keepMasked(stored.headers, masked.headers, value);
    } else if (value !== masked[field]) merged[field] = value;
  }
  return merged;
}

function keepMasked(stored: Record<string, unknown>, masked: Record<string, unknown>, sent: Record<string, unknown>) {
  return Object.fromEntries(
    Object.entries(sent).map(([name, value]) => [name, value === masked[name] ? stored[name] : value]),
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
