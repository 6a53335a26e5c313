import "server-only";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { AppError } from "@/lib/base/errors";
import { bodyChunks, tooLarge } from "@/lib/http/read-body";
import { type Release, reserveBytes } from "./reserve-bytes";

/** With Privacy Mode off a body holds prompts and answers, several times over; larger ones are refused. Bytes, unpacked. */
export const MAX_BODY_BYTES = 20 * 1024 * 1024;

/** How long OpenRouter may take to send a body. */
export const RECEIVE_MS = 20_000;

/** What every delivery in Privacy Mode stays far below. Bytes. */
const SMALL = 256 * 1024;

/**
 * The JSON of a team's delivery, packed with gzip or not, handed to `use`; undefined for an empty body. Its size counts unpacked, and the bytes
 * that all bodies of this process hold at once are bounded until `use` is done. Errors: 400 not JSON or not gzip, 408 too slow, 413 too large,
 * 415 another type or coding, 503 when too many large ones arrive at once.
 */
export async function withJson<T>(request: Request, teamId: number, use: (json: unknown) => Promise<T>): Promise<T> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() || "application/json";
  const coding = request.headers.get("content-encoding")?.trim().toLowerCase() || "identity";
  if (!/^application\/([\w.+-]+\+)?json$/.test(type)) throw unsupported("Send the body as application/json");
  if (!/^(identity|(x-)?gzip)$/.test(coding)) throw unsupported("Send the body as it is, or packed with gzip");
  const length = Number(request.headers.get("content-length") ?? Number.NaN);
  if (!request.body || length === 0) return use(undefined);

  const most = coding === "identity" && Number.isFinite(length) ? Math.min(length, MAX_BODY_BYTES) : MAX_BODY_BYTES;
  const body = new BoundedBody(teamId, most);
  try {
    return await use(parseJson(await body.read(request, coding)));
  } finally {
    body.release();
  }
}

const unsupported = (detail: string): AppError => new AppError("unsupported_media_type", detail);

/** A body read into memory, which from a certain size on takes its place among the others first. */
class BoundedBody {
  release: Release = () => {};

  constructor(
    private readonly teamId: number,
    private readonly most: number,
  ) {}

  async read(request: Request, coding: string): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of unpacked(request, coding)) {
      const before = size;
      size += chunk.byteLength;
      if (size > this.most) throw tooLarge(MAX_BODY_BYTES);
      if (before <= SMALL && size > SMALL) this.release = await reserveBytes(this.teamId, this.most, request.signal);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }
}

async function* unpacked(request: Request, coding: string): AsyncGenerator<Uint8Array> {
  const raw = bodyChunks(request, { most: MAX_BODY_BYTES, withinMs: RECEIVE_MS });
  if (coding === "identity") return yield* raw;
  const source = Readable.from(raw);
  const gunzip = source.pipe(createGunzip());
  // Whatever ends the one, a caller that goes away in the middle for one, must end the other too.
  source.once("error", (error) => gunzip.destroy(error));
  try {
    yield* gunzip as AsyncIterable<Buffer>;
  } catch (error) {
    throw error instanceof AppError ? error : new AppError("bad_request", "The body could not be read to its end");
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new AppError("bad_request", "The body is not valid JSON");
  }
}
