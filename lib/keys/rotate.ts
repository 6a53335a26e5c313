import "server-only";
import { and, asc, eq, gt, notLike } from "drizzle-orm";
import { type Database, db } from "@/db/client";
import { apiKeys } from "@/db/schema/keys";
import { users } from "@/db/schema/users";
import { CURRENT_PREFIX, decrypt, encrypt } from "@/lib/base/crypto";
import { renewCanary } from "./encryption-canary";

/** Rows per transaction: small enough that nobody waits for their locks. */
const BATCH = 50;

/** Every column that holds ciphertexts, and the name that binds one to its row. A test looks for others in the whole database. */
export const COLUMNS = [
  {
    table: apiKeys,
    column: apiKeys.ciphertext,
    field: "ciphertext",
    boundTo: (id: number) => `api_keys.${id}.ciphertext`,
  },
  { table: users, column: users.totpSecret, field: "totpSecret", boundTo: (id: number) => `users.${id}.totp_secret` },
] as const;

export type Rotation = {
  renewed: number;
  /** Places whose ciphertext no configured key opens. */
  unreadable: string[];
};

/**
 * Seals with ENCRYPTION_KEY whatever is still sealed with one of ENCRYPTION_KEYS_OLD, in small transactions beside the running application.
 * Whoever interrupts it starts it again: it goes on where it was. The canary comes last and only when nothing is left, so that an
 * instance without the old key refuses to start for as long as it is needed.
 */
export async function rotateKeys(): Promise<Rotation> {
  const rotation: Rotation = { renewed: 0, unreadable: [] };
  for (const column of COLUMNS) {
    let after: number | null = 0;
    while (after !== null) after = await renewBatch(column, after, rotation);
  }
  if (rotation.unreadable.length === 0) await renewCanary();
  return rotation;
}

/** Gives back the id after which the next batch begins, or null when there is none. */
async function renewBatch(
  { table, column, field, boundTo }: (typeof COLUMNS)[number],
  after: number,
  rotation: Rotation,
) {
  return db().transaction(async (tx: Database) => {
    const rows = await tx
      .select({ id: table.id, sealed: column })
      .from(table)
      .where(and(gt(table.id, after), notLike(column, `${CURRENT_PREFIX()}%`)))
      .orderBy(asc(table.id))
      .limit(BATCH)
      .for("no key update");
    for (const { id, sealed } of rows) {
      const plain = sealed === null ? null : opened(sealed, boundTo(id));
      if (plain === null) rotation.unreadable.push(boundTo(id));
      else {
        await tx
          .update(table)
          .set({ [field]: encrypt(plain, boundTo(id)) })
          .where(eq(table.id, id));
        rotation.renewed += 1;
      }
    }
    return rows.length < BATCH ? null : (rows.at(-1)?.id ?? null);
  });
}

function opened(sealed: string, boundTo: string): string | null {
  try {
    return decrypt(sealed, boundTo);
  } catch {
    return null;
  }
}
