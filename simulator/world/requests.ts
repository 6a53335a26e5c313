import { sha256 } from "../digest";
import type { TokenCounts } from "../tokens";

/** One request as `GET /generation` and Broadcast tell of it. Money in units of 1e-10 USD. */
export interface SimulatedRequest extends TokenCounts {
  /** `gen-<unix seconds>-<20 letters and digits>` */
  id: string;
  accountId: string;
  keyHash: string;
  keyName: string;
  workspaceId: string | null;
  model: string;
  provider: string;
  /** When it began. */
  at: Date;
  cost: number;
  byokFees: number;
  byokCost: number;
  isByok: boolean;
  /** Milliseconds to the first token, and from there to the last. */
  latencyMs: number;
  generationMs: number;
  finishReason: string;
  /** The client went away: no cost is told, nothing is booked. */
  failed: boolean;
  user: string | null;
  session: string | null;
}

/** A generation id that depends on its number in the world alone. */
export function generationId(seed: number, number: number, at: Date): string {
  const letters = Buffer.from(sha256(`${seed}/generation/${number}`), "hex")
    .toString("base64")
    .replaceAll(/[^A-Za-z0-9]/g, "x");
  return `gen-${Math.floor(at.getTime() / 1000)}-${letters.slice(0, 20)}`;
}

/** Remembers the latest requests by id. */
export function createRequestStore(capacity = 20_000) {
  const byId = new Map<string, SimulatedRequest>();
  return {
    add(request: SimulatedRequest) {
      byId.set(request.id, request);
      const oldest = byId.keys().next();
      if (byId.size > capacity && !oldest.done) byId.delete(oldest.value);
    },
    find: (id: string) => byId.get(id),
    all: () => [...byId.values()],
  };
}
