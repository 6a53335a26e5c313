import { connect, Socket } from "node:net";
import postgres from "postgres";
import type { Address, SessionKind } from "./address/read-address";
import type { Host } from "./address/read-hosts";

type Role = { isStandby: boolean; isReadOnly: boolean };

const FITS: Record<Exclude<SessionKind, "any">, (role: Role) => boolean> = {
  "read-write": ({ isReadOnly }) => !isReadOnly,
  "read-only": ({ isReadOnly }) => isReadOnly,
  primary: ({ isStandby }) => !isStandby,
  standby: ({ isStandby }) => isStandby,
  "prefer-standby": ({ isStandby }) => isStandby,
};

/**
 * Opens postgres.js's connections, for its option `socket`: to the first host that answers and is what
 * target_session_attrs asks for, beginning with the one that was right last time. Where there is none, the socket
 * fails: postgres.js would lose count of its connections if this threw.
 */
export function openSockets(address: Address): () => Socket | Promise<Socket> {
  const hosts = address.shuffle ? shuffled(address.hosts) : address.hosts;
  let first = 0;

  async function firstThat(fits: (host: Host) => Promise<boolean>): Promise<Socket> {
    let reason: unknown;
    for (let turn = 0; turn < hosts.length; turn++) {
      const index = (first + turn) % hosts.length;
      const host = hosts[index] as Host;
      try {
        if (!(await fits(host))) continue;
        const socket = await openSocket(host, address.connectSeconds);
        first = index;
        return socket;
      } catch (error) {
        reason = error;
      }
    }
    throw reason ?? noneFits(address.wanted);
  }

  async function choose(): Promise<Socket> {
    const { wanted } = address;
    if (wanted === "any") return firstThat(async () => true);
    const fitting = firstThat(async (host) => FITS[wanted](await roleOf(host, address)));
    return wanted === "prefer-standby" ? fitting.catch(() => firstThat(async () => true)) : fitting;
  }

  const [only, ...others] = hosts;
  if (only && others.length === 0 && address.wanted === "any") return () => connectTo(only);
  return () => choose().catch(failingSocket);
}

function failingSocket(error: Error): Socket {
  const socket = new Socket();
  // Whoever gets it listens by then.
  setImmediate(() => socket.destroy(error));
  return socket;
}

/**
 * Without Nagle's delay: a small message behind one that is unacknowledged, such as the end of a COPY, would wait 40
 * ms.
 */
export function connectTo(host: Host): Socket {
  if ("path" in host) return connect(host.path);
  // The host is what a certificate is held against.
  return Object.assign(connect({ host: host.host, port: host.port, noDelay: true }), { host: host.name });
}

function openSocket(host: Host, seconds: number): Promise<Socket> {
  const socket = connectTo(host);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(noAnswer(host)), seconds * 1000);
    socket.once("error", reject);
    socket.once("close", () => clearTimeout(timer));
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", reject);
      resolve(socket);
    });
  });
}

/** Asks a server on a connection of its own what it is. */
async function roleOf(host: Host, address: Address): Promise<Role> {
  const sql = postgres({
    socket: () => connectTo(host),
    ...loginOf(address),
    max: 1,
    connect_timeout: address.connectSeconds,
    fetch_types: false,
    prepare: false,
  } as object as postgres.Options<Record<string, never>>);
  try {
    const [row] = await sql<{ standby: boolean; read_only: string }[]>`
      select pg_is_in_recovery() as standby, current_setting('transaction_read_only') as read_only`;
    return { isStandby: row?.standby ?? true, isReadOnly: row?.read_only !== "off" };
  } finally {
    void sql.end({ timeout: 1 });
  }
}

/** As whom, to which database and how safely, in postgres.js's words. */
export const loginOf = ({ hosts, user, password, database, tls, isDirectTls }: Address) => ({
  // Which host it is, openSockets decides; this one stands in errors.
  host: [nameOf(hosts[0])],
  port: [hosts[0] && "port" in hosts[0] ? hosts[0].port : 0],
  user,
  ...(password !== undefined && { password }),
  database,
  ssl: tls,
  ...(isDirectTls && { sslnegotiation: "direct" }),
});

const nameOf = (host: Host | undefined): string => (!host ? "" : "path" in host ? host.path : host.name);
const failure = (message: string, code: string): Error => Object.assign(new Error(message), { code });
const noAnswer = (host: Host): Error => failure(`No answer from ${nameOf(host)}`, "CONNECT_TIMEOUT");
const noneFits = (wanted: SessionKind): Error =>
  failure(`No server of DATABASE_URL is as target_session_attrs=${wanted} asks`, "ECONNREFUSED");

function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((one) => ({ one, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}
