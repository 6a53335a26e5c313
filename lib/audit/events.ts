import "server-only";
import { and, asc, desc, eq, gte, lt, type SQL, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { auditEvents, members } from "@/db/schema/teams";
import { users } from "@/db/schema/users";
import { requireTimezone } from "@/db/timezone";
import type { Viewer } from "@/lib/access/viewer";
import { pageOf } from "@/lib/base/page";
import type { AuditEventView, AuditQuery } from "./schema";

/** What happened in the viewer's team, newest first. */
export async function listEvents(viewer: Viewer, query: AuditQuery) {
  if (query.timezone) await requireTimezone(query.timezone);
  const wanted = selected(viewer, query);
  const [total, rows] = await Promise.all([
    db().$count(auditEvents, wanted),
    db()
      .select({ event: auditEvents, email: users.email })
      .from(auditEvents)
      .leftJoin(users, eq(users.id, auditEvents.userId))
      .where(wanted)
      .orderBy(desc(auditEvents.at), desc(auditEvents.id))
      .limit(query.limit)
      .offset((query.page - 1) * query.limit),
  ]);
  const items = rows.map(
    ({ event, email }): AuditEventView => ({
      id: event.id,
      at: event.at.toISOString(),
      action: event.action,
      user_id: event.userId,
      user_email: email,
      session_id: event.sessionId,
      token_id: event.tokenId,
      object_type: event.objectType,
      object_id: event.objectId,
      ip: event.ip,
      detail: event.detail,
    }),
  );
  return pageOf(items, query, total);
}

/** What the filters offer: the actions that the team's log knows and the people of the team. */
export async function listAuditChoices(
  viewer: Viewer,
): Promise<{ actions: string[]; people: { id: number; email: string }[] }> {
  const [actions, people] = await Promise.all([
    db()
      .selectDistinct({ action: auditEvents.action })
      .from(auditEvents)
      .where(eq(auditEvents.teamId, viewer.teamId))
      .orderBy(asc(auditEvents.action)),
    db()
      .select({ id: users.id, email: users.email })
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .where(eq(members.teamId, viewer.teamId))
      .orderBy(asc(users.email)),
  ]);
  return { actions: actions.map(({ action }) => action), people };
}

function selected(viewer: Viewer, { action, user_id, start_date, end_date, timezone = "UTC" }: AuditQuery) {
  const conditions: SQL[] = [eq(auditEvents.teamId, viewer.teamId)];
  if (action !== undefined) conditions.push(eq(auditEvents.action, action));
  if (user_id !== undefined) conditions.push(eq(auditEvents.userId, user_id));
  if (start_date !== undefined)
    conditions.push(gte(auditEvents.at, sql`${start_date}::date::timestamp at time zone ${timezone}`));
  if (end_date !== undefined)
    conditions.push(lt(auditEvents.at, sql`(${end_date}::date + 1)::timestamp at time zone ${timezone}`));
  return and(...conditions);
}
