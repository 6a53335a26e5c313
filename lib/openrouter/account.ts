import "server-only";
import { z } from "zod";
import { type Call, callOpenRouter } from "./client";
import { UpstreamError } from "./errors";
import { listWorkspaceKeys, type RosterKey } from "./key";
import { decimal, parseAnswer } from "./wire";
import { listWorkspaces } from "./workspaces";

/** Null where the account has no list of workspaces: then only the default one can be read. */
async function workspacesOf(secret: string, call: Call): Promise<Awaited<ReturnType<typeof listWorkspaces>> | null> {
  try {
    return await listWorkspaces(secret, call);
  } catch (error) {
    if (error instanceof UpstreamError && error.isRefusal) return null;
    throw error;
  }
}

/** Every listed key of every workspace, once each. */
export async function listAccountKeys(
  secret: string,
  call: Call = {},
): Promise<{ keys: RosterKey[]; rejected: number }> {
  const listed = await workspacesOf(secret, call);
  const known = new Map<string, RosterKey>();
  let rejected = listed?.rejected ?? 0;
  for (const workspace of listed?.workspaces.length ? listed.workspaces : [null]) {
    const page = await listWorkspaceKeys(secret, workspace, call);
    rejected += page.rejected;
    for (const key of page.keys) known.set(key.hash, known.get(key.hash) ?? key);
  }
  return { keys: [...known.values()], rejected };
}

const Credits = z.object({ data: z.object({ total_credits: decimal, total_usage: decimal }) });

/** `GET /credits`: lifetime credits bought and spent, USD. Null where they cannot be read: not with this key, or not now; usage does not hang on it. */
export async function readCredits(secret: string, call: Call = {}): Promise<{ total: string; used: string } | null> {
  try {
    const { data } = parseAnswer(Credits, await callOpenRouter(secret, "/credits", call), "the credits");
    return { total: data.total_credits, used: data.total_usage };
  } catch (error) {
    if (error instanceof UpstreamError) return null;
    throw error;
  }
}
