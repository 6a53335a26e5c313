import "server-only";
import { db, sql } from "@/db/client";
import type { AuditObjectType } from "@/lib/access/audit-object-types";
import { addressOf } from "@/lib/access/ip-address";
import { countUse } from "@/lib/access/rate-limit";
import { type Actor, recordEvent } from "@/lib/access/record-event";
import { bearerOf } from "@/lib/access/require-session";
import { readSessionToken } from "@/lib/access/session-token";
import { looksLikeApiToken } from "@/lib/access/token-format";
import type { Viewer } from "@/lib/access/viewer";
import { sha256 } from "@/lib/base/crypto";
import { AppError } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { callerOf } from "./request-log";

/** One line a minute tells that somebody keeps trying; a line per try would let them fill the table. */
const ONCE_A_MINUTE = { limit: 1, windowSeconds: 60 };

type Refused = { actor: Actor; objectType: AuditObjectType; objectId: string; detail: Record<string, string> };

/**
 * Records that a request was refused, where that concerns a team: 403 to somebody we know, and 401 to a session or API token that was ours
 * once. Costs nothing on any other way out, and never changes the answer.
 */
export async function recordRefusal(request: Request, error: unknown): Promise<void> {
  if (error instanceof AppError) await recordOnce(() => refusalOf(request, error));
}

/** The same for a form of a page. */
export async function recordRefusedForm(viewer: Viewer, page: string, error: unknown): Promise<void> {
  if (error instanceof AppError && error.code === "forbidden") await recordOnce(() => forbidden(viewer, "form", page));
}

async function recordOnce(find: () => Promise<Refused | undefined> | Refused | undefined): Promise<void> {
  try {
    const refused = await find();
    if (!refused) return;
    const { actor, objectType, objectId, detail } = refused;
    const by = actor.tokenId ? `token:${actor.tokenId}` : `session:${actor.sessionId}`;
    const { exceeded } = await countUse(`refused:${by}:${objectType}:${objectId}`, ONCE_A_MINUTE);
    if (!exceeded) await recordEvent(db(), actor, { action: "access.refused", objectType, objectId, detail });
  } catch (failure) {
    log().error({ err: failure }, "A refusal could not be recorded");
  }
}

async function refusalOf(request: Request, { code }: AppError): Promise<Refused | undefined> {
  const caller = callerOf(request);
  const path = new URL(request.url).pathname;
  if (code === "forbidden" && caller) return forbidden(caller, request.method, path);
  const bearer = bearerOf(request);
  if (code !== "unauthorized" || caller || !bearer) return undefined;
  const refused = await (looksLikeApiToken(bearer) ? deadToken(bearer, path) : deadSession(bearer, path));
  return refused && { ...refused, actor: { ...refused.actor, ip: addressOf(request.headers) } };
}

/** Told by the form of its address, not by the number in it: whoever tries all numbers does one thing. */
function forbidden(actor: Actor, method: string, path: string): Refused {
  const objectId = `${method} ${path.replace(/\/\d+(?=\/|$)/g, "/{id}")}`;
  return { actor, objectType: "route", objectId, detail: { reason: "forbidden", path } };
}

type Dead = { id: string; user_id: number; team_id: number | null; reason: string };

async function deadSession(bearer: string, path: string): Promise<Refused | undefined> {
  const claims = await readSessionToken(bearer);
  if (!claims) return undefined;
  const [session] = await sql()<Dead[]>`
    select s.id, s.user_id, m.team_id,
      case when s.revoked_at is not null then 'ended' when s.expires_at <= now() then 'expired' else 'inactive' end as reason
    from sessions s
    join users u on u.id = s.user_id
    left join members m on m.user_id = u.id and m.role = 'owner'
    where s.id = ${claims.sessionId} and s.user_id = ${claims.userId}
      and (s.revoked_at is not null or s.expires_at <= now() or not u.is_active)
    limit 1`;
  if (!session) return undefined;
  const actor = { teamId: session.team_id, userId: session.user_id, sessionId: session.id };
  return { actor, objectType: "session", objectId: session.id, detail: { reason: session.reason, path } };
}

async function deadToken(bearer: string, path: string): Promise<Refused | undefined> {
  const [token] = await sql()<{ id: number; team_id: number; reason: string }[]>`
    select id, team_id, case when revoked_at is not null then 'revoked' else 'expired' end as reason
    from api_tokens where token_hash = ${sha256(bearer)} and (revoked_at is not null or expires_at <= now())`;
  if (!token) return undefined;
  const actor = { teamId: token.team_id, tokenId: token.id };
  return { actor, objectType: "api_token", objectId: String(token.id), detail: { reason: token.reason, path } };
}
