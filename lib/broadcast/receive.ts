import "server-only";
import { sql } from "@/db/client";
import { addressOf, callerLimit } from "@/lib/access/ip-address";
import { limitUse } from "@/lib/access/rate-limit";
import { bearerOf } from "@/lib/access/require-session";
import { AppError } from "@/lib/base/errors";
import { readDelivery } from "./delivery";
import { withJson } from "./read-body";
import { receiving, writing } from "./reserve-bytes";
import { type Receiver, saveGenerations } from "./save-generations";
import type { Receipt } from "./schema";
import { isSecret, looksLikeSecret } from "./secret";

/** Refused deliveries per address: guessing a secret must be slow. */
const REFUSED = { limit: 30, windowSeconds: 60 };

/**
 * Takes a delivery of OpenRouter's Broadcast (OTLP/JSON) for a connection, whose secret is the bearer. A test is acknowledged and books nothing; what cannot be read is
 * noted, and costs the rest nothing. Errors: 401 for an unknown connection or a wrong secret alike, 429 after many of those; of the body 400 when nothing of it can be
 * read, 408, 413, 415; 503 when too much comes at once.
 */
export async function receiveDelivery(
  request: Request,
  { connection_id: id }: { connection_id: number },
): Promise<Receipt> {
  const receiver = await authenticate(request, id);
  const isAnnouncedTest = request.headers.get("x-test-connection")?.toLowerCase() === "true";
  const take = async (json: unknown): Promise<Receipt> => {
    const { generations, unreadable, isReadable, ...delivery } = readDelivery(json);
    if (unreadable > 0 || !isReadable) await note(receiver, "last_unreadable_at");
    if (!isReadable) throw new AppError("bad_request", "Nothing in the body could be read as a trace in OTLP/JSON");
    const isTest = isAnnouncedTest || delivery.isTest;
    if (isTest) await note(receiver, "last_tested_at");
    if (isAnnouncedTest || generations.length === 0) return { accepted: 0, duplicates: 0, unreadable, test: isTest };
    const accepted = await writing(receiver.teamId, () => saveGenerations(receiver, generations));
    return { accepted, duplicates: generations.length - accepted, unreadable, test: isTest };
  };
  return receiving(receiver.teamId, () => withJson(request, receiver.teamId, take));
}

async function authenticate(request: Request, id: number): Promise<Receiver> {
  const secret = bearerOf(request);
  if (secret && looksLikeSecret(secret)) {
    const [row] = await sql()<(Omit<Receiver, "id"> & { secretHash: string })[]>`
      select team_id as "teamId", management_key_id as "managementKeyId", workspace_id as "workspaceId", secret_hash as "secretHash" from broadcast_connections where id = ${id}`;
    if (row && isSecret(secret, row.secretHash)) {
      const { secretHash: _, ...receiver } = row;
      return { id, ...receiver };
    }
  }
  const { bucket, limit } = callerLimit("no-broadcast", addressOf(request.headers), REFUSED);
  await limitUse(bucket, limit);
  throw new AppError(
    "unauthorized",
    "This delivery does not bear the secret of its connection: send Authorization: Bearer orb_…",
  );
}

/** When the connection was last tested, or last brought something that could not be read. */
async function note({ id }: Receiver, column: "last_tested_at" | "last_unreadable_at"): Promise<void> {
  await sql()`update broadcast_connections set ${sql()(column)} = now() where id = ${id}`;
}
