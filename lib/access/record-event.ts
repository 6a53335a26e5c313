import "server-only";
import { sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { auditEvents, members } from "@/db/schema/teams";
import { maskKeys } from "@/lib/base/mask";
import { wellFormed } from "@/lib/base/text";
import type { AuditAction } from "./audit-actions";
import type { AuditObjectType } from "./audit-object-types";

/** Who did it: a viewer fits as it is. `teamId` null for what no team owns, a refused sign-in with an unknown address for one. */
export type Actor = {
  teamId: number | null;
  userId?: number | null;
  sessionId?: string | null;
  tokenId?: number | null;
  ip?: string | null;
};

export type AuditEvent = {
  action: AuditAction;
  objectType?: AuditObjectType;
  objectId?: string | number;
  /** Names and numbers that explain it. Never a password, key, token, code or their parts. */
  detail?: Record<string, string | number | boolean | null>;
};

/** Names come from outside: nothing of a key is kept for ever, and no name may cost the event. */
const told = (text: string): string => maskKeys(wellFormed(text));

const toldIn = (detail: NonNullable<AuditEvent["detail"]>): NonNullable<AuditEvent["detail"]> =>
  Object.fromEntries(
    Object.entries(detail).map(([name, value]) => [name, typeof value === "string" ? told(value) : value]),
  );

/** Links in a mail and other services prove a person, not a team: what they do is told where that person looks. */
const ownTeamOf = (userId: number) =>
  sql`(select ${members.teamId} from ${members} where ${members.userId} = ${userId} and ${members.role} = 'owner' limit 1)`;

/** Adds to the audit log; give the transaction that does what is recorded, so that neither is there without the other. */
export async function recordEvent(database: Database, actor: Actor, event: AuditEvent): Promise<void> {
  await database.insert(auditEvents).values({
    teamId: actor.teamId ?? (actor.userId ? ownTeamOf(actor.userId) : null),
    userId: actor.userId ?? null,
    sessionId: actor.sessionId ?? null,
    tokenId: actor.tokenId ?? null,
    ip: actor.ip ?? null,
    action: event.action,
    objectType: event.objectType ?? null,
    objectId: event.objectId === undefined ? null : told(String(event.objectId)),
    detail: event.detail ? toldIn(event.detail) : null,
  });
}
