import pino from "pino";
import { env } from "./env";

let logger: pino.Logger | undefined;

/** Where lines go. A full disk or a reader that is gone costs the lines and nothing else: pino's own stream would end, or hang, the process for them. */
function standardOutput(): pino.DestinationStream {
  if (!process.stdout.listeners("error").includes(loseLine)) process.stdout.on("error", loseLine);
  return { write: (line) => void process.stdout.write(line) };
}

const loseLine = (): void => {};

/** Structured log on standard output. Credentials are cut out by name wherever they stand, and nobody should log one anyway. */
export function log(): pino.Logger {
  logger ??= pino(
    {
      level: env().LOG_LEVEL,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: ["password", "key", "token", "secret", "authorization", "cookie"].flatMap((name) => [name, `*.${name}`]),
        censor: "[redacted]",
      },
    },
    standardOutput(),
  );
  return logger;
}
