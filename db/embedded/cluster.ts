import { randomBytes } from "node:crypto";
import { chown, mkdir, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { programPath } from "./binaries";
import { EmbeddedError } from "./embedded-error";
import type { Installation } from "./installation";
import { isAlive } from "./postmaster";
import { runProgram } from "./run-program";

async function removeAbandonedDrafts({ dataDir }: Installation): Promise<void> {
  for (const name of await readdir(dataDir)) {
    const draft = /^postgres\.new-(\d+)-/.exec(name);
    if (draft && !isAlive(Number(draft[1]))) await rm(path.join(dataDir, name), { recursive: true, force: true });
  }
}

/** A rename is durable only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  await handle.sync().finally(() => handle.close());
}

/**
 * Creates the database cluster unless it is there. It is made under another name and renamed when complete, so a start
 * that was killed half-way leaves nothing that looks like a cluster, and of two first starts at once one wins.
 */
export async function createCluster(installation: Installation, password: string, durable = true): Promise<void> {
  const { clusterDir, dataDir, identity, binaries } = installation;
  await removeAbandonedDrafts(installation);
  const draft = path.join(dataDir, `postgres.new-${process.pid}-${randomBytes(4).toString("hex")}`);
  const passwordFile = `${draft}.password`;
  await mkdir(draft, { mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (identity.uid !== undefined && identity.gid !== undefined) {
    await chown(draft, identity.uid, identity.gid);
    await chown(passwordFile, identity.uid, identity.gid);
  }
  try {
    const { code, output } = await runProgram(identity, programPath(binaries, "initdb"), [
      `--pgdata=${draft}`,
      "--username=postgres",
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      // The built-in provider sorts the same on every machine, whatever locales that has.
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--no-instructions",
      ...(durable ? [] : ["--no-sync"]),
    ]);
    if (code !== 0) throw new EmbeddedError(`The database could not be created in ${dataDir}: ${lastError(output)}`);
    await rename(draft, clusterDir);
    if (durable) await syncFolder(dataDir);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    const lost = (error as NodeJS.ErrnoException).code;
    if (lost !== "ENOTEMPTY" && lost !== "EEXIST") throw error;
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** A cluster of another major version cannot be opened; better one line than PostgreSQL's log. */
export async function checkVersion({ clusterDir, dataDir, binaries }: Installation): Promise<void> {
  const major = (await readFile(path.join(clusterDir, "PG_VERSION"), "utf8")).trim();
  if (major === binaries.version.split(".")[0]) return;
  throw new EmbeddedError(
    `The database in ${dataDir} was made by PostgreSQL ${major}, and this release brings ${binaries.version}: back up with the old release, then restore with this one`,
  );
}

/** The line that matters among those of a PostgreSQL program. */
export function lastError(output: string): string {
  const lines = output.split("\n").filter(Boolean);
  const errors = lines.filter((line) => /FATAL|PANIC|error:/.test(line));
  return (errors.at(-1) ?? lines.at(-1) ?? "no reason given").replace(/^.*?(FATAL|PANIC|error):\s*/, "");
}
