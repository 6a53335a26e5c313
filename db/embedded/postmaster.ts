import { execFileSync } from "node:child_process";
import { readlinkSync, realpathSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** A PostgreSQL server as its postmaster.pid describes it. */
export type Postmaster = { pid: number; port: number; ready: boolean };

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** postmaster.pid, line by line: pid, data directory, start, port, socket folder, address, shared memory, status. */
async function readPidFile(clusterDir: string): Promise<Postmaster | undefined> {
  const text = await readFile(path.join(clusterDir, "postmaster.pid"), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const lines = text.split("\n").map((line) => line.trim());
  return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7] === "ready" };
}

/** Whether that process is the PostgreSQL of this folder, and not a stranger that was given a dead server's number. */
function serves(pid: number, clusterDir: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return false;
  try {
    // PostgreSQL works inside of its data directory.
    if (process.platform === "linux") return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(clusterDir);
    if (process.platform === "win32") return true;
    return execFileSync("ps", ["-p", String(pid), "-o", "command="], { encoding: "utf8" }).includes(clusterDir);
  } catch {
    return false;
  }
}

/**
 * The server that runs on this cluster, once it is ready; undefined when there is none. Waits for one that is starting
 * or stopping. What a killed server left behind is removed, for PostgreSQL gives way to any process of that number.
 */
export async function findPostmaster(clusterDir: string, patienceMs = 60_000): Promise<Postmaster | undefined> {
  const asked = Date.now();
  for (;;) {
    const postmaster = await readPidFile(clusterDir);
    if (!postmaster) return undefined;
    const unwritten = postmaster.pid === 0 && Date.now() - asked < 1000;
    if (unwritten) {
      await pause(20);
      continue;
    }
    if (!serves(postmaster.pid, clusterDir)) {
      await rm(path.join(clusterDir, "postmaster.pid"), { force: true });
      return undefined;
    }
    if (postmaster.ready || Date.now() - asked > patienceMs) return postmaster;
    await pause(50);
  }
}
