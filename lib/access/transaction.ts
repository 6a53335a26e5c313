import "server-only";
import { type Database, db } from "@/db/client";
import { type Actor, type AuditEvent, recordEvent } from "./record-event";

/** A change under way: its transaction, and the way to its line in the audit log. */
export type Change = {
  readonly tx: Database;
  /**
   * Writes an event of this change. `null` says that nothing turned out to be changed. `by` replaces parts of the
   * actor, such as the session that the change itself has made.
   */
  readonly record: (event: AuditEvent | null, by?: Partial<Actor>) => Promise<void>;
};

/**
 * Changes something in the name of an actor. The only way in which people and tokens change anything: the audit event
 * is written by the same transaction, so neither is there without the other, and a change that names no event is undone
 * and thrown as the programming error that it is. What machines write in bulk (syncs, deliveries, jobs) has its own
 * transactions, in the folders that `tests/changes.test.ts` names.
 */
export async function withTransaction<T>(actor: Actor, work: (change: Change) => Promise<T>): Promise<T> {
  return db().transaction(async (tx) => {
    let isRecorded = false;
    const result = await work({
      tx,
      record: async (event, by) => {
        isRecorded = true;
        if (event) await recordEvent(tx, { ...actor, ...by }, event);
      },
    });
    if (!isRecorded) throw new Error("A change must record its audit event, or say that there was none");
    return result;
  });
}
