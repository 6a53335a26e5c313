import "server-only";
import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { LRUCache } from "lru-cache";
import { SESSION_COOKIE } from "@/lib/access/cookie";
import { addressOf } from "@/lib/access/ip-address";
import { stateOfSession } from "@/lib/access/session-viewer";
import { log } from "@/lib/base/log";
import { quarterHour } from "@/lib/base/time";
import type { Stand } from "./before-next";
import { packed } from "./compress";
import { release, type Withheld, withhold } from "./withheld";

/** Pages that people leave open and load again and again, made of nothing but what `stateOfSession` tells the version of. */
const KEPT = new Set(["/dashboard"]);
const MAX_BYTES = 64 * 1024 * 1024;
const OF_THE_ROUTER = /^(rsc$|next-|x-nextjs-|x-middleware-|x-invoke-|x-matched-)/;
/** How React marks a part that failed on the server, by the number of its error; a part that is meant for the browser alone has none. */
const FAILED = /data-dgst="(?!"|BAILOUT_)/;

/** A page in pieces: between two of them stands the nonce that its scripts had, for which each answer has one of its own. */
type Page = { headers: OutgoingHttpHeaders; nonce: string; pieces: Buffer[]; size: number };

const pages = new LRUCache<string, Page>({
  maxSize: MAX_BYTES,
  maxEntrySize: MAX_BYTES / 16,
  sizeCalculation: ({ size }) => size,
});

/** Whoever asks for a page that is just being made waits for it. */
const making = new Map<string, Promise<Page | undefined>>();

/**
 * Answers a page that was made before, for the same person with the same address bar and cookies, as long as nothing that it shows has
 * changed: React needs some ten times as long to make it as the database to tell.
 */
export const answerKeptPage: Stand = (request, response, goOn) => {
  const token = tokenOfPage(request);
  if (!token) return goOn();
  answerPage(token, request, response, goOn).catch((error: unknown) => {
    log().error({ err: error }, "A page could not be answered");
    response.destroy();
  });
};

/** The session token of a request for a page that may be kept. Requests of Next's own router, for parts of a page, are none. */
function tokenOfPage({ method, url = "", headers }: IncomingMessage): string | undefined {
  if (method !== "GET" || !KEPT.has(url.split("?", 1)[0] ?? "")) return undefined;
  if (Object.keys(headers).some((name) => OF_THE_ROUTER.test(name))) return undefined;
  const name = `${SESSION_COOKIE()}=`;
  const tokens = (headers.cookie ?? "").split(/; */).filter((cookie) => cookie.startsWith(name));
  return tokens.length === 1 ? tokens[0]?.slice(name.length) : undefined;
}

async function answerPage(
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
  make: () => unknown,
): Promise<void> {
  const state = await stateOfSession(token, callerOf(request)).catch(() => null);
  if (state === null) {
    make();
    return;
  }
  const key = keyOf(request, state);
  const accepted = String(request.headers["accept-encoding"] ?? "");
  const kept = pages.get(key) ?? (await making.get(key));
  if (response.destroyed) return;
  if (kept) return send(kept, response, accepted);

  // Packed it could not be taken apart.
  delete request.headers["accept-encoding"];
  const made = withhold(response);
  const asked = made.then((answer) => answer && pageOf(answer)).finally(() => making.delete(key));
  making.set(key, asked);
  make();
  const [answer, page] = await Promise.all([made, asked]);
  if (page) pages.set(key, page);
  if (page) await send(page, response, accepted);
  else if (answer) release(response, answer.body);
}

/** Behind a proxy of ours it wrote the address; otherwise the socket tells it, as it does to Next. */
const callerOf = ({ headers, socket }: IncomingMessage): string | null =>
  addressOf(new Headers({ "x-forwarded-for": String(headers["x-forwarded-for"] ?? socket.remoteAddress ?? "") }));

/** All that a page is made from: the person, the data, the address and what the browser is told to prefer. Hashed, so that no token stays. */
function keyOf({ url, headers }: IncomingMessage, state: string): string {
  const told = ["host", "cookie", "accept-language", "x-forwarded-host", "x-forwarded-proto"].map(
    (name) => headers[name],
  );
  return createHash("sha256")
    .update(JSON.stringify([state, quarterHour(), url, told]))
    .digest("base64url");
}

/** A whole page, or undefined for anything else: another status, a part that failed on the way, an answer that sets a cookie. */
function pageOf({ status, headers, body }: Withheld): Page | undefined {
  const nonce = /'nonce-([^']+)'/.exec(String(headers["content-security-policy"]))?.[1];
  const isHtml = String(headers["content-type"]).startsWith("text/html");
  const text = body.toString("latin1");
  if (status !== 200 || !isHtml || !nonce || headers["set-cookie"] || FAILED.test(text)) return undefined;
  const pieces = text.split(nonce).map((piece) => Buffer.from(piece, "latin1"));
  return { headers, nonce, pieces, size: body.length };
}

async function send({ headers, nonce, pieces }: Page, response: ServerResponse, accepted: string): Promise<void> {
  const fresh = btoa(randomUUID());
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined)
      response.setHeader(name, typeof value === "string" ? value.replaceAll(nonce, fresh) : value);
  const between = Buffer.from(fresh);
  const body = Buffer.concat(pieces.flatMap((piece, index) => (index === 0 ? [piece] : [between, piece])));
  response.appendHeader("Vary", "Accept-Encoding");
  const { encoding, bytes } = await packed(body, accepted);
  if (encoding) response.setHeader("Content-Encoding", encoding);
  release(response, bytes);
}
