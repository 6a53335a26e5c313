import "server-only";
import { brotliCompressSync, constants } from "node:zlib";

/** Below this, packing costs more than it saves. */
const WORTH_PACKING = 1024;
/** Figures repeat themselves: a quick pass packs them to a tenth. */
const QUALITY = 4;

const takesBrotli = (accepted: string | null): boolean =>
  /(^|,)\s*br\s*(;\s*q=(0\.\d*[1-9]|1)[\d.]*\s*)?(,|$)/.test(accepted ?? "");

/** A body packed with Brotli where the caller takes that; gzip is left to Next, which packs whatever has no encoding yet. */
export function brotliOf(request: Request, body: string): Buffer<ArrayBuffer> | null {
  if (body.length < WORTH_PACKING || !takesBrotli(request.headers.get("accept-encoding"))) return null;
  return brotliCompressSync(body, {
    params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT },
  }) as Buffer<ArrayBuffer>;
}
