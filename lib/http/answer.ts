import "server-only";
import type { TaggedBody } from "./kept-answers";

/** A JSON answer. Everything we answer is private, so nothing between us and the caller may keep it. */
export function answerJson(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store" },
  });
}

/**
 * A tagged body, or 304 without it when the caller has the same one. Next packs it, or a proxy: the tag is weak, as it
 * stands for all packings.
 */
export function answerTagged(request: Request, { body, etag }: TaggedBody, headers: Record<string, string>): Response {
  const tags = { ETag: `W/${etag}`, "Cache-Control": "private, no-cache", ...headers };
  if (isKnown(request.headers.get("if-none-match"), etag)) return new Response(null, { status: 304, headers: tags });
  return new Response(body, { headers: { "Content-Type": "application/json", ...tags } });
}

/** If-None-Match compares weakly (RFC 9110, 13.1.2): a `W/` in front, which a compressing proxy may add, makes no difference. */
function isKnown(known: string | null, etag: string): boolean {
  if (known === null) return false;
  return known.split(",").some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === etag);
}
