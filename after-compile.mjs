import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

/**
 * Told so, browsers on V8 compile a whole script on a thread of its own while it arrives. Otherwise they compile React and Next function by
 * function on the page's thread, and on a phone the page stands still for a quarter of a second meanwhile. To others it is a comment.
 */
const HINT = "//# allFunctionsCalledOnLoad\n";

/** Bytes below which Chromium compiles no script beside the page: there the hint would do harm. */
const LEAST = 30 * 1024;

/**
 * Marks the scripts that every page of a build loads and runs at its start.
 * @param {{ projectDir: string, distDir: string }} build
 */
export async function hintCompilation({ projectDir, distDir }) {
  const built = path.resolve(projectDir, distDir);
  const { rootMainFiles } = JSON.parse(await readFile(path.join(built, "build-manifest.json"), "utf8"));
  for (const file of rootMainFiles) {
    const script = await readFile(path.join(built, file), "utf8");
    if (script.length < LEAST || script.startsWith(HINT)) continue;
    await writeFile(path.join(built, file), HINT + script);
  }
}
