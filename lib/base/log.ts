import pino from "pino";
import { env } from "./env";
import { maskKeys } from "./mask";

let logger: pino.Logger | undefined;

/** Where lines go. A full disk or a reader that is gone costs the lines and nothing else: pino's own stream would end, or hang, the process for them. */
function standardOutput(): pino.DestinationStream {
  if (!process.stdout.listeners("error").includes(loseLine)) process.stdout.on("error", loseLine);
  return { write: (line) => void process.stdout.write(maskKeys(line)) };
}

const loseLine = (): void => {};

/** Structured log on standard output. Credentials are cut out by name, OpenRouter's keys wherever they stand, and nobody should log one anyway. */
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
