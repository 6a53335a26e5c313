import "server-only";
import { createHash } from "node:crypto";

/** A JSON answer. Everything we answer is private, so nothing between us and the caller may keep it. */
export function answerJson(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store" },
  });
}

/** Tags a successful body and answers 304 without it when the caller has the same one. Streams stay as they are. */
export async function notModified(request: Request, response: Response): Promise<Response> {
  if (response.status !== 200 || !response.headers.get("Content-Type")?.startsWith("application/json")) return response;
  const body = await response.text();
  const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 27)}"`;
  const headers = new Headers(response.headers);
  headers.set("ETag", etag);
  headers.set("Cache-Control", "private, no-cache");
  const known = request.headers
    .get("if-none-match")
    ?.split(",")
    .map((tag) => tag.trim().replace(/^W\//, ""));
  if (known?.some((tag) => tag === etag || tag === "*")) return new Response(null, { status: 304, headers });
  return new Response(body, { status: 200, headers });
}
