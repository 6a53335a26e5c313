import "server-only";
import { Readable } from "node:stream";
import type { ExportedFile } from "./file";

/** Makes the response that a browser saves as a file. Cancelling its body ends the export. */
export function attachment({ stream, media, name }: ExportedFile): Response {
  return new Response(Readable.toWeb(stream) as ReadableStream<Uint8Array>, {
    headers: {
      "Content-Type": media,
      "Content-Disposition": `attachment; filename="${name}"`,
      "Cache-Control": "no-store",
    },
  });
}
