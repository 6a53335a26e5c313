import { refuse } from "./refuse";

/** Parameters that are acted on; the rest of `db/address` says how. */
const USED = new Set([
  ...["host", "hostaddr", "port", "user", "password", "dbname", "connect_timeout", "options"],
  ...["target_session_attrs", "load_balance_hosts"],
  ...["sslmode", "ssl", "sslaccept", "sslrootcert", "sslcert", "sslkey", "sslpassword", "sslcrl", "sslnegotiation"],
  ...["ssl_min_protocol_version", "pgbouncer", "schema", "currentSchema", "search_path"],
]);

const KEEPALIVE = "connections are kept alive as it is";
const POOL = "DATABASE_POOL says how many connections there are";

/** Parameters that change nothing here, and why that does no harm. */
const IGNORED: Record<string, string> = {
  application_name: "connections are called openrouter-monitor",
  fallback_application_name: "connections are called openrouter-monitor",
  channel_binding: "the driver has none; sslmode=verify-full proves that the server is the right one",
  client_encoding: "it is always UTF8",
  connection_limit: POOL,
  pool_timeout: POOL,
  pool_size: POOL,
  gssencmode: "the driver has no GSS",
  keepalives: KEEPALIVE,
  keepalives_idle: KEEPALIVE,
  keepalives_interval: KEEPALIVE,
  keepalives_count: KEEPALIVE,
  sslcompression: "TLS has none today",
};

/** Parameters that ask for what this application cannot do. */
const REFUSED: Record<string, string> = {
  passfile: "write the password into DATABASE_URL, or set PGPASSWORD",
  replication: "it is for programs that copy a whole server",
  require_auth: "which way of signing in is used cannot be limited here; leave it out",
  requirepeer: "whose process listens on a Unix socket cannot be checked here; leave it out",
  service: "write what stands in the service file into DATABASE_URL",
  servicefile: "write what stands in the service file into DATABASE_URL",
};

/** A line for each parameter that is not acted on. Throws EnvError for one that asks for what cannot be done. */
export function passOver(parameters: ReadonlyMap<string, string>): string[] {
  return [...parameters].flatMap(([name, value]) => {
    if (Object.hasOwn(REFUSED, name)) throw refuse(`${name} cannot be used: ${REFUSED[name]}`);
    if (name === "gssencmode" && value === "require") throw refuse("gssencmode=require cannot be used: use sslmode");
    if (USED.has(name)) return [];
    const why = Object.hasOwn(IGNORED, name)
      ? IGNORED[name]
      : "it is not known; a setting of the server is given as options=-c%20name=value";
    return [`DATABASE_URL: ${name} is ignored: ${why}`];
  });
}
