import "server-only";
import { createHash } from "node:crypto";

/** A JSON body ready to leave, and its strong tag. */
export type TaggedBody = { body: string; etag: string };

const MAX_KEPT_CHARACTERS = 16 * 1024 * 1024;
/** Offsets of timezones are whole quarters of an hour, so "today" changes nowhere within one. */
const QUARTER_HOUR_MS = 900_000;

/** Oldest use first. */
const kept = new Map<string, TaggedBody>();
let characters = 0;

export function tagged(answer: unknown): TaggedBody {
  const body = JSON.stringify(answer);
  return { body, etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 27)}"` };
}

/**
 * The answer to a team's query, worked out again only when the version of the team's data has changed or "today" may have. The version
 * comes fresh from the database with each request, so every process serves what is current, and needs to be told nothing.
 */
export async function keptAnswer(
  { teamId, dataVersion }: { teamId: number; dataVersion: number },
  query: string,
  work: () => Promise<unknown>,
): Promise<TaggedBody> {
  const key = `${teamId} ${dataVersion} ${Math.floor(Date.now() / QUARTER_HOUR_MS)} ${query}`;
  const known = kept.get(key);
  if (known) {
    kept.delete(key);
    kept.set(key, known);
    return known;
  }
  const fresh = tagged(await work());
  keep(key, fresh);
  return fresh;
}

function keep(key: string, answer: TaggedBody): void {
  if (answer.body.length > MAX_KEPT_CHARACTERS / 16) return;
  forget(key);
  kept.set(key, answer);
  characters += key.length + answer.body.length;
  for (const oldest of kept.keys()) {
    if (characters <= MAX_KEPT_CHARACTERS) return;
    forget(oldest);
  }
}

function forget(key: string): void {
  const known = kept.get(key);
  if (!known) return;
  kept.delete(key);
  characters -= key.length + known.body.length;
}
