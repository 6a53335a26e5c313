import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, renameSync } from "node:fs";
import path from "node:path";
import { type Binaries, findBinaries } from "./binaries";
import { EmbeddedError } from "./embedded-error";
import { type Identity, identityFor } from "./identity";

/** What it takes to run the database of one DATA_DIR. */
export type Installation = {
  dataDir: string;
  clusterDir: string;
  logFile: string;
  binaries: Binaries;
  identity: Identity;
};

function canEnter({ uid, gid }: Identity, folder: string): boolean {
  return spawnSync("test", ["-x", folder], { uid, gid, cwd: "/", stdio: "ignore" }).status === 0;
}

/** The programs where another user can run them: in node_modules, or else as a copy in DATA_DIR. */
function reachableBinaries(binaries: Binaries, identity: Identity, dataDir: string): Binaries {
  if (canEnter(identity, path.join(binaries.home, "bin"))) return binaries;
  const home = path.join(dataDir, `postgres-${binaries.version}`);
  if (!existsSync(home)) {
    const draft = `${home}.new-${process.pid}`;
    cpSync(binaries.home, draft, { recursive: true, verbatimSymlinks: true });
    renameSync(draft, home);
  }
  return { ...binaries, home };
}

/** Prepares DATA_DIR and settles as whom PostgreSQL runs. Throws EmbeddedError with one line where it cannot. */
export function prepareInstallation(dataDir: string): Installation {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new EmbeddedError(`DATA_DIR ${dataDir} cannot be created: ${(error as Error).message}`);
  }
  const clusterDir = path.join(dataDir, "postgres");
  const logFile = path.join(dataDir, "postgres.log");
  const identity = identityFor(clusterDir);
  const binaries = findBinaries();
  if (identity.uid === undefined) return { dataDir, clusterDir, logFile, binaries, identity };

  // Entered, not listed: everything within keeps its own mode.
  chmodSync(dataDir, 0o711);
  if (!canEnter(identity, dataDir)) {
    throw new EmbeddedError(
      `PostgreSQL does not run as root, and the user ${identity.name ?? identity.uid} cannot enter DATA_DIR ${dataDir}: set DATA_DIR to a folder below one that everybody may enter, such as /var/lib/openrouter-monitor`,
    );
  }
  return { dataDir, clusterDir, logFile, binaries: reachableBinaries(binaries, identity, dataDir), identity };
}
