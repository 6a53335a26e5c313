import "server-only";
import { sql } from "@/db/client";
import { decrypt, encrypt, isCurrent } from "@/lib/base/crypto";

const NAME = "encryption_canary";
const TEXT = "this database and this key belong together";

/**
 * Proves that ENCRYPTION_KEY (or one of ENCRYPTION_KEYS_OLD) is the one this database was written with, before a key is stored that nobody
 * could read again. Throws with a clear sentence otherwise.
 */
export async function checkCanary(): Promise<void> {
  await sql()`insert into settings (name, value) values (${NAME}, ${encrypt(TEXT, NAME)}) on conflict (name) do nothing`;
  const [row] = await sql()<{ value: string }[]>`select value from settings where name = ${NAME}`;
  try {
    if (row && decrypt(row.value, NAME) === TEXT) return;
  } catch {
    // told below: the cause is always the key
  }
  throw new Error(
    "ENCRYPTION_KEY is not the one that this database was written with; put the right one back, or add it to ENCRYPTION_KEYS_OLD",
  );
}

/** Seals the canary with the present key: from then on the old ones are needed no longer. */
export async function renewCanary(): Promise<void> {
  await checkCanary();
  const [row] = await sql()<{ value: string }[]>`select value from settings where name = ${NAME}`;
  if (row && !isCurrent(row.value))
    await sql()`update settings set value = ${encrypt(TEXT, NAME)} where name = ${NAME} and value = ${row.value}`;
}
