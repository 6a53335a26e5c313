import { readFileSync } from "node:fs";
import { type ConnectionOptions, checkServerIdentity, type PeerCertificate, type SecureVersion } from "node:tls";
import type { Host } from "./read-hosts";
import { refuse } from "./refuse";

/** As postgres.js takes it: no TLS, TLS where the server has it, or TLS with these options. */
export type Tls = false | "prefer" | ConnectionOptions;

const OFF = ["disable"];
const PREFERRED = ["allow", "prefer"];
const UNPROVEN = ["require", "no-verify"];
const PROVEN = ["verify-ca", "verify-full"];
const MODES = [...OFF, ...PREFERRED, ...UNPROVEN, ...PROVEN];

/**
 * How a connection is encrypted, and what proves the server. As in libpq, `require` proves nothing unless there is a
 * certificate to hold it against.
 */
export function readTls(parameters: ReadonlyMap<string, string>, hosts: readonly Host[]): Tls {
  const root = parameters.get("sslrootcert");
  const mode = modeOf(parameters, root);
  const options: ConnectionOptions = {
    rejectUnauthorized: PROVEN.includes(mode),
    checkServerIdentity: mode === "verify-full" ? (_, certificate) => strangerTo(hosts, certificate) : () => undefined,
    ...(root !== undefined && root !== "system" && { ca: fileOf("sslrootcert", root) }),
    ...optional("cert", "sslcert"),
    ...optional("key", "sslkey"),
    ...optional("crl", "sslcrl"),
    ...(parameters.has("sslpassword") && { passphrase: parameters.get("sslpassword") }),
    ...(parameters.has("ssl_min_protocol_version") && { minVersion: versionOf(parameters) }),
  };
  if (OFF.includes(mode)) return false;
  return PREFERRED.includes(mode) ? "prefer" : options;

  function optional(option: string, name: string) {
    const file = parameters.get(name);
    return file ? { [option]: fileOf(name, file) } : {};
  }
}

/**
 * Why a certificate is for none of these hosts; undefined when it is for one. Not left to postgres.js: it names no host
 * that is an IP address, and Node takes a certificate for `localhost` then.
 */
function strangerTo(hosts: readonly Host[], certificate: PeerCertificate): Error | undefined {
  const reasons = hosts.flatMap((host) => ("name" in host ? [checkServerIdentity(host.name, certificate)] : []));
  return reasons.includes(undefined) ? undefined : reasons[0];
}

function modeOf(parameters: ReadonlyMap<string, string>, root: string | undefined): string {
  const mode = parameters.get("sslmode") ?? otherName(parameters) ?? (root === "system" ? "verify-full" : "prefer");
  if (!MODES.includes(mode)) throw refuse(`sslmode is one of ${MODES.join(", ")}`);
  if (root === "system" && mode !== "verify-full")
    throw refuse("sslrootcert=system goes with sslmode=verify-full alone");
  return mode === "require" && root !== undefined ? "verify-ca" : mode;
}

/** What JDBC and Prisma call it. */
function otherName(parameters: ReadonlyMap<string, string>): string | undefined {
  const ssl = parameters.get("ssl");
  if (ssl === undefined) return undefined;
  if (["true", "1"].includes(ssl)) return parameters.get("sslaccept") === "strict" ? "verify-full" : "require";
  return ["false", "0"].includes(ssl) ? "disable" : ssl;
}

const VERSIONS: readonly string[] = ["TLSv1.2", "TLSv1.3"] satisfies SecureVersion[];

function versionOf(parameters: ReadonlyMap<string, string>): SecureVersion {
  const version = parameters.get("ssl_min_protocol_version") ?? "";
  if (!VERSIONS.includes(version)) throw refuse(`ssl_min_protocol_version is one of ${VERSIONS.join(", ")}`);
  return version as SecureVersion;
}

function fileOf(parameter: string, file: string): Buffer {
  try {
    return readFileSync(/* turbopackIgnore: true */ file);
  } catch (error) {
    throw refuse(`the file of ${parameter} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
