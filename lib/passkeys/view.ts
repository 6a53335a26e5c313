import "server-only";
import { passkeys } from "@/db/schema/users";
import type { PasskeyView } from "./schema";

/** The columns that leave; keys and credential ids stay. */
export const view = {
  id: passkeys.id,
  name: passkeys.name,
  device_type: passkeys.deviceType,
  backed_up: passkeys.backedUp,
  created_at: passkeys.createdAt,
  last_used_at: passkeys.lastUsedAt,
};

type Row = Omit<PasskeyView, "created_at" | "last_used_at"> & { created_at: Date; last_used_at: Date | null };

/** A row of `view` as it leaves: times as text. */
export const toPasskeyView = (row: Row): PasskeyView => ({
  ...row,
  created_at: row.created_at.toISOString(),
  last_used_at: row.last_used_at?.toISOString() ?? null,
});
