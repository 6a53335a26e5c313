import { existsSync, readFileSync } from "node:fs";
import { parse as parseYaml } from "yaml";
import { z } from "zod";

const integer = (fallback: number, minimum: number, maximum = 1_000_000_000) =>
  z.coerce.number().int().min(minimum).max(maximum).default(fallback);

/** How `npm start` and the container reach PostgreSQL; `db/address` reads it and says what is wrong with it. */
const databaseUrl = z
  .string()
  .regex(
    /^\s*(postgres(ql)?:\/\/|\w+\s*=)/,
    "must be an address such as postgresql://user:password@host:5432/database, or host=… dbname=…",
  );

const httpUrl = z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/\/+$/, ""));

/** Scheme, host and port, as browsers write them in `Origin`. */
const origin = z.url({ protocol: /^https?$/ }).transform((value, context) => {
  const url = new URL(value);
  if (url.href === `${url.origin}/`) return url.origin;
  context.addIssue({
    code: "custom",
    message: "must be scheme, host and port alone, such as https://monitor.example.com: nothing works below a path",
  });
  return z.NEVER;
});

/** 32 bytes as 64 hex digits or as base64. */
const encryptionKey = z.string().transform((text, context) => {
  const bytes = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, "hex") : Buffer.from(text, "base64");
  if (bytes.length === 32) return bytes;
  context.addIssue({ code: "custom", message: "must be 32 bytes, as 64 hex digits or as base64" });
  return z.NEVER;
});

const list = z
  .string()
  .default("")
  .transform((text) => text.split(/[\s,]+/).filter(Boolean));

const flag = z
  .stringbool({ truthy: ["1", "true", "yes", "on"], falsy: ["0", "false", "no", "off", ""] })
  .default(false);

/** Every variable there is; `.env.example` explains each in a line. */
const schema = z.object({
  DATABASE_URL: databaseUrl,
  DATABASE_POOL: integer(10, 1, 100),
  DATA_DIR: z.string().default(".data"),
  PORT: integer(3000, 0, 65_535),
  APP_URL: origin.optional(),
  SECRET_KEY: z.string().min(32, "must have at least 32 characters"),
  ENCRYPTION_KEY: encryptionKey,
  ENCRYPTION_KEYS_OLD: list.pipe(z.array(encryptionKey)),
  OPENROUTER_API_URL: httpUrl.default("https://openrouter.ai/api/v1"),
  OPENROUTER_TIMEOUT_MS: integer(10_000, 10, 600_000),
  SYNC_INTERVAL_MINUTES: integer(60, 1, 1440),
  USAGE_STATS_RETENTION_DAYS: integer(365, 0),
  AUDIT_RETENTION_DAYS: integer(0, 0).refine(
    (days) => days === 0 || days >= 30,
    "must be 0 (for ever), or at least 30 days",
  ),
  MAX_API_KEYS_PER_USER: integer(10, 1),
  MAX_API_TOKENS_PER_USER: integer(5, 1),
  RATE_LIMIT_REQUESTS: integer(100, 1),
  RATE_LIMIT_WINDOW: integer(3600, 1),
  JWT_EXPIRATION_HOURS: integer(24, 1, 24 * 365),
  REGISTRATION: z.enum(["open", "closed", "first-user"]).default("open"),
  ALLOWED_ORIGINS: list.pipe(z.array(origin)),
  TRUST_PROXY: flag,
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.string().default("OpenRouter Monitor <monitor@localhost>"),
  INNGEST_EVENT_KEY: z.string().optional(),
  INNGEST_SIGNING_KEY: z.string().optional(),
  INNGEST_DEV: z.string().optional(),
  INNGEST_BASE_URL: httpUrl.optional(),
  INNGEST_SERVE_ORIGIN: origin.optional(),
  BACKUP_DIR: z.string().optional(),
  BACKUP_KEEP: integer(7, 1, 3650),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
  GITHUB_CLIENT_ID: z.string().optional(),
  GITHUB_CLIENT_SECRET: z.string().optional(),
  GOOGLE_CLIENT_ID: z.string().optional(),
  GOOGLE_CLIENT_SECRET: z.string().optional(),
  /** As it is: issuers are compared letter by letter, and some end in a slash. */
  OIDC_ISSUER: z.url({ protocol: /^https?$/ }).optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_NAME: z.string().default("Single sign-on"),
  /** Set by `npm run demo`: the page says that it shows a demo. */
  DEMO: flag,
  /** Set by the launcher: the database is the embedded one, so backups are ours to make. */
  EMBEDDED_DATABASE: flag,
});

/** Set by our own programs for each other, never by people. */
export const INTERNAL_VARIABLES: readonly string[] = ["DEMO", "EMBEDDED_DATABASE"];

/** The names of all variables. */
export const VARIABLES: readonly string[] = Object.keys(schema.shape);

export type Env = z.output<typeof schema>;
type Source = Record<string, string | undefined>;

/** A variable that is missing or wrong, in one line that names it and never repeats its value. */
export class EnvError extends Error {}

/** Defaults from `config.yaml` (or CONFIG_FILE), which the environment overrides. Names are those of the variables, in any case. */
function readConfigFile(source: Source): Source {
  const path = source.CONFIG_FILE ?? "config.yaml";
  if (!existsSync(/* turbopackIgnore: true */ path)) return {};
  let parsed: unknown;
  try {
    parsed = parseYaml(readFileSync(/* turbopackIgnore: true */ path, "utf8")) ?? {};
  } catch (error) {
    throw new EnvError(`${path} is not valid YAML: ${(error as Error).message.split("\n")[0]}`);
  }
  const entries = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).safeParse(parsed);
  if (!entries.success) throw new EnvError(`${path} must be a flat list of NAME: value`);
  return Object.fromEntries(
    Object.entries(entries.data).map(([name, value]) => [
      name.toUpperCase(),
      value === null ? undefined : String(value),
    ]),
  );
}

/** The variables as they were given, the file's under the environment's; blank means absent. */
export function readSource(source: Source): Source {
  const given = Object.entries({ ...readConfigFile(source), ...source });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined && value.trim() !== ""));
}

/** Validates variables. Throws EnvError with one line for the first that is wrong. */
export function readEnv(source: Source): Env {
  const result = schema.safeParse(readSource(source));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const name = String(issue?.path[0]);
  const missing = readSource(source)[name] === undefined;
  throw new EnvError(missing ? `${name} is not set` : `${name} is not valid: ${issue?.message}`);
}

let cached: Env | undefined;

/** The validated environment of this process. */
export function env(): Env {
  // biome-ignore lint/style/noProcessEnv: the only reader of the environment
  cached ??= readEnv(process.env);
  return cached;
}

/** For tests that change the environment of their own process. */
export function forgetEnv(): void {
  cached = undefined;
}
