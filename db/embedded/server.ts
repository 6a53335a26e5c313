import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { programPath } from "./binaries";
import { checkVersion, createCluster, lastError } from "./cluster";
import { EmbeddedError } from "./embedded-error";
import { freePort } from "./free-port";
import { type Installation, prepareInstallation } from "./installation";
import { boundLogFile, readLogFrom } from "./log-file";
import { findPostmaster, type Postmaster } from "./postmaster";
import { type EmbeddedRole, passwordOf, prepareRoles } from "./roles";
import { runProgram } from "./run-program";

export type ServerOptions = {
  /** An absolute path. */
  dataDir: string;
  /** The superuser's; the others' follow from it. */
  password: string;
  /** Keep this port, because clients know it; otherwise a free one. */
  port?: number;
  /** False only for data that may be lost with the power: no fsync. */
  durable?: boolean;
};

export type EmbeddedServer = Postmaster & {
  installation: Installation;
  passwordOf(role: EmbeddedRole): string;
  /** The address of one of its databases for a role, password included. */
  urlOf(database: string, role: EmbeddedRole): string;
  /** Disconnects everybody, writes everything to disk and ends the server. */
  stop(mode?: StopMode): Promise<void>;
};

export type StopMode = "fast" | "immediate";

const START_ATTEMPTS = 20;

function serverFlags(port: number, durable: boolean): string {
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    timezone: "UTC",
    log_timezone: "UTC",
    log_checkpoints: "off",
    // Each page load reads a few small aggregates: compiling them takes longer than running them.
    jit: "off",
    ...(durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  return [`-p ${port}`, ...Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`)].join(" ");
}

/** Starts the server, detached: neither Ctrl-C nor the launcher's death ends it before it has written everything. */
async function startPostmaster(installation: Installation, options: ServerOptions): Promise<Postmaster> {
  const { clusterDir, logFile, identity, binaries, dataDir } = installation;
  let reason = "";
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt += 1) {
    const running = await findPostmaster(clusterDir);
    if (running) return running;
    const port = options.port ?? (await freePort());
    const before = (await stat(logFile)).size;
    const { code, output } = await runProgram(identity, programPath(binaries, "pg_ctl"), [
      "start",
      "--wait",
      "--timeout=60",
      `--pgdata=${clusterDir}`,
      `--log=${logFile}`,
      `--options=${serverFlags(port, options.durable ?? true)}`,
    ]);
    if (code !== 0) {
      reason = lastError((await readLogFrom(logFile, before)) || output);
      // The port was taken in between, or the children of a killed server are about to notice its death.
      await pause(250);
    }
  }
  throw new EmbeddedError(`The embedded PostgreSQL in ${dataDir} does not start: ${reason} (see ${logFile})`);
}

/** Ends the server of a cluster, if one runs; `immediate` leaves recovery to the next start, or data to be deleted. */
export async function stopPostmaster(installation: Installation, mode: StopMode = "fast"): Promise<void> {
  const { clusterDir, identity, binaries, dataDir } = installation;
  if (!(await findPostmaster(clusterDir))) return;
  const stop = (how: StopMode, seconds: number) =>
    runProgram(identity, programPath(binaries, "pg_ctl"), [
      "stop",
      "--wait",
      `--mode=${how}`,
      `--timeout=${seconds}`,
      `--pgdata=${clusterDir}`,
    ]);
  if ((await stop(mode, 60)).code === 0 || !(await findPostmaster(clusterDir))) return;
  if ((await stop("immediate", 10)).code === 0) return;
  throw new EmbeddedError(`The embedded PostgreSQL in ${dataDir} does not stop`);
}

/**
 * The PostgreSQL server of this DATA_DIR: the one that runs, whoever started it, or a new one, with a new cluster at
 * the first start. Throws EmbeddedError with one line when there can be none.
 */
export async function startServer(options: ServerOptions): Promise<EmbeddedServer> {
  const installation = prepareInstallation(options.dataDir);
  if (!existsSync(path.join(installation.clusterDir, "PG_VERSION"))) {
    await createCluster(installation, options.password, options.durable);
  }
  await checkVersion(installation);
  await boundLogFile(installation);
  const postmaster = await startPostmaster(installation, options);
  const server: EmbeddedServer = {
    ...postmaster,
    installation,
    passwordOf: (role) => passwordOf(role, options.password),
    urlOf: (database, role) =>
      `postgres://${role}:${encodeURIComponent(server.passwordOf(role))}@127.0.0.1:${postmaster.port}/${database}?sslmode=disable`,
    stop: (mode) => stopPostmaster(installation, mode),
  };
  await prepareRoles(server);
  return server;
}
