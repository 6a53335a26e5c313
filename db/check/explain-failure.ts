import { EnvError } from "@/lib/base/env";
import type { Address } from "../address/read-address";

type Failure = Error & { code?: string };

/**
 * Why there is no connection, in one line that says what to do; what we know nothing about stays as the driver or the
 * server says it.
 */
export function explainFailure(error: Failure, { user, database, hosts }: Address): EnvError {
  return new EnvError(`The database of DATABASE_URL cannot be reached: ${reasonOf(error)}`);

  function reasonOf({ code, message }: Failure): string {
    const where = hosts.map((host) => ("path" in host ? host.path : `${host.name}:${host.port}`)).join(", ");
    switch (code) {
      case "ECONNREFUSED":
      case "ENOENT":
        return message.includes("target_session_attrs") ? message : `nobody listens at ${where}`;
      case "ENOTFOUND":
      case "EAI_AGAIN":
        return `the name of its host is not known (${where})`;
      case "CONNECT_TIMEOUT":
      case "ETIMEDOUT":
        return `no answer from ${where}`;
      case "28P01":
        return `the password of ${user} is not right`;
      case "3D000":
        return `there is no database ${database}: CREATE DATABASE ${database}`;
      case "08P01":
      case "26000":
      case "42P05":
        return `${message}. Behind a pooler such as PgBouncer, add pgbouncer=true`;
      default:
        return message || String(code);
    }
  }
}
