import "server-only";
import { promisify } from "node:util";
import { type BrotliOptions, brotliCompress, brotliCompressSync, constants, gzip } from "node:zlib";

/** Below this, packing costs more than it saves. */
const WORTH_PACKING = 1024;
/** Figures repeat themselves: a quick pass packs them to a tenth. */
const QUICK: BrotliOptions = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT },
};

export type Encoding = "br" | "gzip";

/** Whether `Accept-Encoding` names an encoding, and not with a weight of nothing. */
const takes = (accepted: string | null, encoding: Encoding): boolean =>
  new RegExp(String.raw`(^|,)\s*${encoding}\s*(;\s*q=(0\.\d*[1-9]|1)[\d.]*\s*)?(,|$)`).test(accepted ?? "");

/** A body packed with Brotli where the caller takes that; gzip is left to Next, which packs whatever has no encoding yet. */
export function brotliOf(request: Request, body: string): Buffer<ArrayBuffer> | null {
  if (body.length < WORTH_PACKING || !takes(request.headers.get("accept-encoding"), "br")) return null;
  return brotliCompressSync(body, QUICK) as Buffer<ArrayBuffer>;
}

/** How a caller would rather have a body packed; undefined: not at all. */
export const encodingFor = (accepted: string): Encoding | undefined =>
  (["br", "gzip"] as const).find((encoding) => takes(accepted, encoding));

/** A large body as the caller would rather have it, packed beside the event loop. */
export async function packed(body: Buffer, accepted: string): Promise<{ encoding?: Encoding; bytes: Buffer }> {
  const encoding = encodingFor(accepted);
  if (!encoding) return { bytes: body };
  return {
    encoding,
    bytes: encoding === "br" ? await promisify(brotliCompress)(body, QUICK) : await promisify(gzip)(body),
  };
}
