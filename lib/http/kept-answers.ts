import "server-only";
import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Reach, TeamReader } from "@/lib/access/viewer";
import { quarterHour } from "@/lib/base/time";

/** A JSON body ready to leave, and its strong tag. */
export type TaggedBody = { body: string; etag: string };

const MAX_CHARACTERS = 16 * 1024 * 1024;

const kept = new LRUCache<string, TaggedBody>({
  maxSize: MAX_CHARACTERS,
  maxEntrySize: MAX_CHARACTERS / 16,
  sizeCalculation: ({ body }, key) => key.length + body.length,
});

export function tagged(answer: unknown): TaggedBody {
  const body = JSON.stringify(answer);
  return { body, etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 27)}"` };
}

/**
 * The answer to a query of one team and reach, worked out again only when the version of the team's data has changed or
 * "today" may have. The version comes fresh from the database with each request, so every process serves what is
 * current, and needs to be told nothing.
 */
export async function keptAnswer(
  { teamId, reach, dataVersion }: TeamReader & { dataVersion: number },
  query: string,
  work: () => Promise<unknown>,
): Promise<TaggedBody> {
  const key = `${teamId} ${reachName(reach)} ${dataVersion} ${quarterHour()} ${query}`;
  const known = kept.get(key);
  if (known) return known;
  const fresh = tagged(await work());
  kept.set(key, fresh);
  return fresh;
}

/** Two readers of different keys never share an answer. */
const reachName = ({ keys }: Reach): string => (keys === "all" ? "all" : [...keys].sort((a, b) => a - b).join(","));
