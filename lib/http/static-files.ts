import "server-only";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Stand } from "./before-next";
import { type Encoding, encodingFor } from "./compress";

const PREFIX = "/_next/static/";
const TYPES: Record<string, string> = {
  ".css": "text/css; charset=UTF-8",
  ".js": "application/javascript; charset=UTF-8",
};

type PackedFile = { type: string } & Record<Encoding, Buffer>;

/**
 * Serves a build's scripts and style sheets as they were packed while building (`after-compile.mjs`), from memory: two megabytes. Next packs
 * each of them anew for every request, quickly and therefore larger, which takes a tenth of a second at a page's first visit. The rest, and
 * callers that take nothing packed, are left to Next.
 *
 * @param dir where the build's static files lie; where a CDN serves them, there is none
 */
export function serveStaticFiles(dir = path.join(/* turbopackIgnore: true */ process.cwd(), ".next", "static")): Stand {
  const files = existsSync(dir) ? readPacked(dir) : new Map<string, PackedFile>();
  return ({ method, url = "", headers }, response, goOn) => {
    const file = method === "GET" || method === "HEAD" ? files.get(url) : undefined;
    const encoding = file && encodingFor(String(headers["accept-encoding"] ?? ""));
    if (!encoding) return goOn();
    response.writeHead(200, {
      "Content-Type": file.type,
      "Content-Encoding": encoding,
      "Content-Length": file[encoding].length,
      // The names change with the content.
      "Cache-Control": "public, max-age=31536000, immutable",
      Vary: "Accept-Encoding",
    });
    response.end(file[encoding]);
  };
}

function readPacked(dir: string): Map<string, PackedFile> {
  const files = new Map<string, PackedFile>();
  for (const name of readdirSync(dir, { recursive: true, encoding: "utf8" })) {
    const type = TYPES[path.extname(name)];
    const file = path.join(dir, name);
    if (!type || !existsSync(`${file}.br`)) continue;
    const address = PREFIX + name.split(path.sep).map(encodeURIComponent).join("/");
    files.set(address, { type, br: readFileSync(`${file}.br`), gzip: readFileSync(`${file}.gz`) });
  }
  return files;
}
