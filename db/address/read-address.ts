import { userInfo } from "node:os";
import { passOver } from "./parameters";
import { type Host, readHosts } from "./read-hosts";
import { readTls, type Tls } from "./read-tls";
import { refuse } from "./refuse";
import { splitKeyValues } from "./split-key-values";
import { splitUri } from "./split-uri";

/** libpq's names for which of several servers is wanted. */
export const SESSION_KINDS = ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"] as const;
export type SessionKind = (typeof SESSION_KINDS)[number];

/** A database, as DATABASE_URL names it. */
export type Address = {
  hosts: Host[];
  user: string;
  /** Undefined: postgres.js takes PGPASSWORD. */
  password: string | undefined;
  database: string;
  tls: Tls;
  /** TLS from the first byte on, without asking before. */
  isDirectTls: boolean;
  /** For one host. */
  connectSeconds: number;
  wanted: SessionKind;
  shuffle: boolean;
  /** Behind a transaction pooler, which keeps neither prepared statements nor settings apart. */
  isPooled: boolean;
  /** Where the tables are; undefined: where the role's search_path says. */
  schema: string | undefined;
  /** Options of the server's command line, passed on as they are. */
  options: string | undefined;
  /** A line for each parameter that is not acted on. */
  ignored: string[];
};

const CONNECT_SECONDS = 5;

/** Reads DATABASE_URL as libpq does, in either of its forms. Throws EnvError with one line that says what to do. */
export function readAddress(text: string): Address {
  const parameters = /^\s*postgres(ql)?:\/\//.test(text) ? splitUri(text.trim()) : splitKeyValues(text);
  const ignored = passOver(parameters);
  const user = parameters.get("user") || userInfo().username;
  const hosts = readHosts(parameters);
  const tls = readTls(parameters, hosts);
  return {
    hosts,
    user,
    password: parameters.get("password"),
    database: parameters.get("dbname") || user,
    // A Unix socket leaves the machine no more than TLS would let it.
    tls: hosts.every((host) => "path" in host) ? false : tls,
    isDirectTls: oneOf(parameters, "sslnegotiation", ["postgres", "direct"]) === "direct",
    connectSeconds: secondsOf(parameters.get("connect_timeout")),
    wanted: oneOf(parameters, "target_session_attrs", SESSION_KINDS),
    shuffle: oneOf(parameters, "load_balance_hosts", ["disable", "random"]) === "random",
    isPooled: oneOf(parameters, "pgbouncer", ["false", "true"]) === "true",
    schema: parameters.get("schema") ?? parameters.get("currentSchema") ?? parameters.get("search_path"),
    options: parameters.get("options"),
    ignored,
  };
}

/** One of a parameter's values; the first is what counts without it. */
function oneOf<T extends string>(parameters: ReadonlyMap<string, string>, name: string, values: readonly T[]): T {
  const given = parameters.get(name) ?? values[0];
  const known = values.find((value) => value === given);
  if (known === undefined) throw refuse(`${name} is one of ${values.join(", ")}`);
  return known;
}

function secondsOf(text: string | undefined): number {
  if (text === undefined) return CONNECT_SECONDS;
  if (!/^\d+$/.test(text)) throw refuse("connect_timeout is a number of seconds");
  return Number(text) || CONNECT_SECONDS;
}
