import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";

/**
 * Told so, browsers on V8 compile a whole script on a thread of its own while it arrives. Otherwise they compile React and Next function by
 * function on the page's thread, and on a phone the page stands still for a quarter of a second meanwhile. To others it is a comment.
 */
const HINT = "//# allFunctionsCalledOnLoad\n";

/** Bytes below which Chromium compiles no script beside the page: there the hint would do harm. */
const LEAST = 30 * 1024;

/** How scripts are parted differs from build to build: one that is a little too short is filled up with blanks, which pack to nothing. */
const FILLED = LEAST / 2;

/** Fonts and pictures are packed already. */
const PACKABLE = /\.(css|js)$/;

/**
 * What a build's scripts and style sheets still need before they are served.
 * @param {{ projectDir: string, distDir: string }} build
 */
export async function finishStaticFiles({ projectDir, distDir }) {
  const built = path.resolve(projectDir, distDir);
  await hintCompilation(built);
  await packStaticFiles(path.join(built, "static"));
}

/** Marks the scripts that every page loads and runs at its start. */
async function hintCompilation(built) {
  const { rootMainFiles } = JSON.parse(await readFile(path.join(built, "build-manifest.json"), "utf8"));
  for (const file of rootMainFiles) {
    const script = await readFile(path.join(built, file), "utf8");
    if (script.length < FILLED || script.startsWith(HINT)) continue;
    await writeFile(path.join(built, file), (HINT + script).padEnd(LEAST));
  }
}

/** Packs each file once and as small as can be, beside itself: the server has but to choose (`lib/http/static-files.ts`). */
async function packStaticFiles(dir) {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && PACKABLE.test(entry.name));
  await Promise.all(
    files.map(async ({ parentPath, name }) => {
      const file = path.join(parentPath, name);
      const bytes = await readFile(file);
      await writeFile(`${file}.br`, await promisify(brotliCompress)(bytes));
      await writeFile(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }));
    }),
  );
}
