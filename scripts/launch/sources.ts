import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** What never enters a production build. Anything else at the top level may. */
const APART = new Set([
  "node_modules",
  "tests",
  "simulator",
  "scripts",
  "coverage",
  "test-results",
  "playwright-report",
  "docs",
  "bench",
]);

const isApart = (name: string) => name.startsWith(".") || APART.has(name) || /\.(md|tsbuildinfo)$/.test(name);

/** Next writes this one itself while it builds. */
const GENERATED = "next-env.d.ts";

async function sourceFiles(root: string): Promise<string[]> {
  const top = (await readdir(root, { withFileTypes: true })).filter(({ name }) => !isApart(name) && name !== GENERATED);
  const lists = top.map(async (entry) => {
    if (entry.isFile()) return [entry.name];
    if (!entry.isDirectory()) return [];
    const below = await readdir(path.join(root, entry.name), { recursive: true, withFileTypes: true });
    return below
      .filter((file) => file.isFile())
      .map((file) => path.relative(root, path.join(file.parentPath ?? file.path, file.name)));
  });
  // config.yaml is read when the server starts.
  return (await Promise.all(lists))
    .flat()
    .filter((file) => file !== "config.yaml")
    .sort();
}

/** One digest of everything a build depends on: the sources, the locked packages and the platform. Times do not matter. */
export async function digestSources(root: string): Promise<string> {
  const digest = createHash("sha256").update(`${process.platform} ${process.arch} ${process.versions.modules}`);
  for (const file of await sourceFiles(root)) {
    digest.update(`\0${file}\0`).update(await readFile(path.join(root, file)));
  }
  return digest.digest("hex");
}
