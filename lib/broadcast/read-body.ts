import "server-only";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { createGunzip } from "node:zlib";
import { AppError } from "@/lib/errors";
import { reserveBytes } from "./reserve-bytes";

/** With Privacy Mode off a body holds prompts and answers, several times over; larger ones are refused. Bytes, unpacked. */
export const MAX_BODY_BYTES = 20 * 1024 * 1024;

/** What every delivery in Privacy Mode stays far below. Bytes. */
const SMALL = 256 * 1024;

const tooLarge = (): AppError => new AppError("too_large", `The body is larger than ${MAX_BODY_BYTES} bytes`);

/**
 * The JSON of a delivery, packed with gzip or not, handed to `use`; undefined for an empty body. Its size counts unpacked, and the bytes that all
 * bodies of this process hold at once are bounded until `use` is done. Errors: 400 not JSON or not gzip, 413 too large, 415 another
 * type or coding, 503 when too many large ones arrive at once.
 */
export async function withJson<T>(request: Request, use: (json: unknown) => Promise<T>): Promise<T> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() || "application/json";
  const coding = request.headers.get("content-encoding")?.trim().toLowerCase() || "identity";
  if (!/^application\/([\w.+-]+\+)?json$/.test(type)) throw unsupported("Send the body as application/json");
  if (!/^(identity|(x-)?gzip)$/.test(coding)) throw unsupported("Send the body as it is, or packed with gzip");
  const length = Number(request.headers.get("content-length") ?? Number.NaN);
  if (length > MAX_BODY_BYTES) throw tooLarge();
  if (!request.body || length === 0) return use(undefined);

  const body = new BoundedBody(coding === "identity" && Number.isFinite(length) ? length : MAX_BODY_BYTES);
  try {
    return await use(parseJson(await body.read(request.body as ReadableStream<Uint8Array>, coding, request.signal)));
  } finally {
    body.release();
  }
}

const unsupported = (detail: string): AppError => new AppError("unsupported_media_type", detail);

/** A body read into memory, which from a certain size on takes its place among the others first. */
class BoundedBody {
  release: () => void = () => {};

  constructor(private readonly most: number) {}

  async read(body: ReadableStream<Uint8Array>, coding: string, signal: AbortSignal): Promise<Buffer> {
    const raw = Readable.fromWeb(body);
    const unpacked = coding === "identity" ? raw : raw.pipe(createGunzip());
    // A caller that goes away in the middle must end the unpacking too.
    if (unpacked !== raw) raw.once("error", (error) => unpacked.destroy(error));
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of unpacked as AsyncIterable<Buffer>) {
        const before = size;
        size += chunk.byteLength;
        if (size > this.most) throw tooLarge();
        if (before <= SMALL && size > SMALL) this.release = await reserveBytes(this.most, signal);
        chunks.push(chunk);
      }
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw new AppError("bad_request", "The body could not be read to its end");
    } finally {
      raw.destroy();
      unpacked.destroy();
    }
    return Buffer.concat(chunks);
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
