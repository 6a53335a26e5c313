import path from "node:path";
import nextEnv from "@next/env";
import { readAddress } from "@/db/address/read-address";
import { type Env, EnvError, readEnv, readSource } from "@/lib/base/env";

type Variables = Record<string, string | undefined>;

export type Settings = {
  /** The project's folder, absolute. */
  root: string;
  dataDir: string;
  /** Validated; the secrets of the embedded database are stand-ins here. */
  env: Env;
  /** What was set, by whichever way; blank is not set. */
  given: Variables;
  /** The environment that programs started from here inherit. */
  inherited: Variables;
  isEmbedded: boolean;
};

/** They pass validation until the real ones are known, when there is an embedded database. */
const STAND_INS = {
  DATABASE_URL: "postgres://127.0.0.1/stand-in",
  SECRET_KEY: "-".repeat(32),
  ENCRYPTION_KEY: "0".repeat(64),
};

function explainMissing(error: unknown): unknown {
  const name = error instanceof EnvError ? /^(SECRET_KEY|ENCRYPTION_KEY) is not set$/.exec(error.message)?.[1] : null;
  return name ? new EnvError(`${name} is not set: with DATABASE_URL it is required (openssl rand -hex 32)`) : error;
}

/** Reads the environment, .env files and config.yaml. Throws EnvError with one line that names a bad variable. */
export function readSettings(root: string, overrides: (given: Variables) => Variables = () => ({})): Settings {
  nextEnv.loadEnvConfig(root, false, { info: () => {}, error: () => {} });
  // biome-ignore lint/style/noProcessEnv: the environment goes from here to the web server
  const inherited = process.env;
  const found = readSource({ CONFIG_FILE: path.join(root, "config.yaml"), ...inherited });
  const given = readSource({ CONFIG_FILE: found.CONFIG_FILE, ...found, ...overrides(found) });
  const isEmbedded = given.DATABASE_URL === undefined;
  try {
    const env = readEnv(isEmbedded ? { ...STAND_INS, ...given } : given);
    // Told before a minute is spent on building.
    readAddress(env.DATABASE_URL);
    const dataDir = path.resolve(root, env.DATA_DIR);
    return { root, dataDir, env, isEmbedded, given, inherited };
  } catch (error) {
    throw explainMissing(error);
  }
}
