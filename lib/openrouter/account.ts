import "server-only";
import { z } from "zod";
import { type Call, callOpenRouter } from "./client";
import { UpstreamError } from "./errors";
import { listWorkspaceKeys, type RosterKey } from "./key";
import { decimal, optional, parseAnswer } from "./wire";

const Workspaces = z.object({
  data: z.array(z.object({ id: z.string(), name: z.string().catch("") })),
  total_count: optional(z.number()),
});
const PAGE = 100;

/** `GET /workspaces`. Null where the account has no such list: then only the default workspace can be read. */
async function listWorkspaces(secret: string, call: Call): Promise<{ id: string; name: string }[] | null> {
  const found: { id: string; name: string }[] = [];
  try {
    for (let offset = 0; ; offset += PAGE) {
      const body = await callOpenRouter(secret, "/workspaces", { ...call, query: { offset, limit: PAGE } });
      const { data, total_count: total } = parseAnswer(Workspaces, body, "the workspaces");
      found.push(...data);
      if (data.length === 0 || found.length >= (total ?? 0)) return found;
    }
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
  const workspaces = await listWorkspaces(secret, call);
  const known = new Map<string, RosterKey>();
  let rejected = 0;
  for (const workspace of workspaces?.length ? workspaces : [null]) {
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
