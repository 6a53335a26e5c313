import pino from "pino";
import { env } from "./env";

let logger: pino.Logger | undefined;

/** Structured log on standard output. Credentials are cut out by name wherever they stand, and nobody should log one anyway. */
export function log(): pino.Logger {
  logger ??= pino({
    level: env().LOG_LEVEL,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ["password", "key", "token", "secret", "authorization", "cookie"].flatMap((name) => [name, `*.${name}`]),
      censor: "[redacted]",
    },
  });
  return logger;
}
