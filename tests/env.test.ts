import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { EnvError, readEnv } from "@/lib/base/env";

const folder = mkdtempSync(path.join(tmpdir(), "openrouter-monitor-env-"));
afterAll(() => rmSync(folder, { recursive: true }));

const NEEDED = {
  DATABASE_URL: "postgres://127.0.0.1/x",
  SECRET_KEY: "s".repeat(32),
  ENCRYPTION_KEY: "ab".repeat(32),
  CONFIG_FILE: path.join(folder, "none.yaml"),
};

function config(text: string): string {
  const file = path.join(folder, `${text.length}.yaml`);
  writeFileSync(file, text);
  return file;
}

describe("the environment", () => {
  test("has a default for all that is not secret", () => {
    expect(readEnv(NEEDED)).toMatchObject({
      PORT: 3000,
      SYNC_INTERVAL_MINUTES: 60,
      MAX_API_KEYS_PER_USER: 10,
      RATE_LIMIT_REQUESTS: 100,
      REGISTRATION: "open",
      ALLOWED_ORIGINS: [],
      TRUST_PROXY: false,
    });
  });

  test("takes the encryption key as hex or as base64, and treats blank as absent", () => {
    const base64 = Buffer.alloc(32, 7).toString("base64");
    expect(readEnv({ ...NEEDED, ENCRYPTION_KEY: base64, PORT: " " })).toMatchObject({
      ENCRYPTION_KEY: Buffer.alloc(32, 7),
      PORT: 3000,
    });
    expect(
      readEnv({ ...NEEDED, ENCRYPTION_KEYS_OLD: `${base64}, ${"cd".repeat(32)}` }).ENCRYPTION_KEYS_OLD,
    ).toHaveLength(2);
  });

  test("lets the variables override config.yaml, which overrides the defaults", () => {
    const CONFIG_FILE = config("port: 4000\nsync_interval_minutes: 15\nMAIL_FROM:\n");
    expect(readEnv({ ...NEEDED, CONFIG_FILE, PORT: "5000" })).toMatchObject({ PORT: 5000, SYNC_INTERVAL_MINUTES: 15 });
  });

  test("takes addresses as browsers write them, and issuers letter by letter", () => {
    const given = {
      APP_URL: "https://Monitor.Example.com:443/",
      ALLOWED_ORIGINS: "https://a.example/ http://b.example:8080",
      OIDC_ISSUER: "https://login.example.com/application/o/monitor/",
    };
    expect(readEnv({ ...NEEDED, ...given })).toMatchObject({
      APP_URL: "https://monitor.example.com",
      ALLOWED_ORIGINS: ["https://a.example", "http://b.example:8080"],
      OIDC_ISSUER: "https://login.example.com/application/o/monitor/",
    });
  });

  test.each([
    ["SECRET_KEY is not set", { SECRET_KEY: undefined }],
    ["SECRET_KEY is not valid: must have at least 32 characters", { SECRET_KEY: "short-and-secret" }],
    ["ENCRYPTION_KEY is not valid: must be 32 bytes", { ENCRYPTION_KEY: "not-thirty-two-bytes" }],
    ["AUDIT_RETENTION_DAYS is not valid: must be 0 (for ever), or at least 30 days", { AUDIT_RETENTION_DAYS: "7" }],
    ["PORT is not valid", { PORT: "eighty" }],
    ["DATABASE_URL is not valid", { DATABASE_URL: "mysql://nowhere/x" }],
    ["APP_URL is not valid: must be scheme, host and port alone", { APP_URL: "https://example.com/monitor" }],
    ["APP_URL is not valid: must be scheme, host and port alone", { APP_URL: "https://me:pw@example.com" }],
    ["APP_URL is not valid: must be scheme, host and port alone", { APP_URL: "https://example.com/?a=b" }],
    ["ALLOWED_ORIGINS is not valid: must be scheme, host and port alone", { ALLOWED_ORIGINS: "https://a.example/b" }],
    ["INNGEST_SERVE_ORIGIN is not valid", { INNGEST_SERVE_ORIGIN: "http://app:3000/api/inngest" }],
    ["REGISTRATION is not valid", { REGISTRATION: "maybe" }],
    ["is not valid YAML", { CONFIG_FILE: config("port: [1") }],
    ["must be a flat list of NAME: value", { CONFIG_FILE: config("port:\n  deep: 1\n") }],
  ])("says in one line: %s", (line, given) => {
    const attempt = () => readEnv({ ...NEEDED, ...given });
    expect(attempt).toThrow(EnvError);
    expect(attempt).toThrow(line);
    expect(attempt).not.toThrow(/\n|short-and-secret|not-thirty-two-bytes/);
  });
});
