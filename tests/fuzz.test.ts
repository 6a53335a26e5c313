import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { sql } from "@/db/client";
import { forgetEnv } from "@/lib/base/env";
import { answeredSoon } from "./support/answered-soon";
import { call, document } from "./support/api";
import { asSuperuser } from "./support/database";
import { type HostileCase, hostileCases } from "./support/hostile";
import { plantKey, plantUsage } from "./support/usage";
import { createPerson, type Person } from "./support/world";

const CASES = 10_400;
// biome-ignore lint/style/noProcessEnv: a failure is run again with its seed
const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));

const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
);
const runs = Math.ceil(CASES / operations.length);

let ann: Person;
let apiToken: string;
let tried = 0;

beforeAll(async () => {
  vi.stubEnv("OPENROUTER_API_URL", "http://127.0.0.1:9");
  vi.stubEnv("APP_URL", "https://monitor.example.com");
  vi.stubEnv("RATE_LIMIT_REQUESTS", "1000000");
  vi.stubEnv("MAX_API_TOKENS_PER_USER", "1000000");
  forgetEnv();
  ann = await createPerson();
  // Random ids are small: some things may be hurt, what the cases need stands far away.
  for (const name of ["Prey", "Game", "Quarry"]) await plantKey(ann.viewer, name);
  await asSuperuser(async (superuser) => {
    for (const table of ["api_keys", "api_tokens"])
      await superuser`alter table ${superuser(table)} alter id restart with 100000`;
  });
  const key = await plantKey(ann.viewer, "=Ann's");
  await plantUsage(ann.viewer, key, [
    { hour: "2026-03-01T22:00:00Z" },
    { hour: "2026-03-02T00:00:00Z", model: null, requests: null },
  ]);
  const made = await call("POST", "/api/tokens", { token: ann.accessToken, body: { name: "Fuzz" } });
  apiToken = made.json().token as string;
});

afterAll(() => {
  expect(tried).toBeGreaterThanOrEqual(10_000);
});

/** Whose word it is: mostly the right one, sometimes none, the wrong kind or nonsense. Whoever signs out does it with nonsense. */
function tokenOf(path: string, kind: number): string | undefined {
  if (kind === 0) return undefined;
  if (kind === 1 || path === "/api/auth/logout") return "not.a.token";
  const isForTokens = path.startsWith("/api/v1/") || path === "/metrics";
  return isForTokens === (kind !== 2) ? apiToken : ann.accessToken;
}

async function send(
  path: string,
  method: string,
  { params, query, body, type, tokenKind }: HostileCase,
): Promise<void> {
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? "x"));
  const search = new URLSearchParams(query).toString();
  const answer = await answeredSoon(`${method} ${address}`, () =>
    call(method, search ? `${address}?${search}` : address, {
      token: tokenOf(path, tokenKind),
      ...(body !== undefined && method !== "GET" && { body, headers: { "content-type": type } }),
    }),
  );
  tried += 1;
  // OpenRouter is away here, which some routes tell by 502; readiness says that this is no started server.
  if (answer.status !== 502 && path !== "/api/health/ready") expect(answer.status, answer.text).toBeLessThan(500);
}

describe(`Hostile input (FUZZ_SEED=${seed})`, () => {
  it.each(operations)(
    "gets only documented answers from $method $path, each soon",
    { timeout: 300_000 },
    async ({ path, method, operation }) => {
      await fc.assert(
        fc.asyncProperty(hostileCases(operation), (input) => send(path, method, input)),
        { numRuns: runs, seed, endOnFailure: true },
      );
    },
  );

  it("is refused before it is read when it is 10 MB large", async () => {
    for (const { path, method, operation } of operations.filter((each) => each.operation.requestBody)) {
      const address = path.replace("{service}", "github").replace(/\{\w+\}/g, "1");
      const isPublic = operation.security.every((scheme) => Object.keys(scheme).length === 0);
      const body = JSON.stringify({ name: "x".repeat(10_000_000) });
      const ask = () => call(method, address, { token: ann.accessToken, body });
      const answer = await answeredSoon(`${method} ${address}`, ask);
      expect([isPublic, path, answer.status]).toEqual([isPublic, path, answer.status === 429 ? 429 : 413]);
    }
  });

  it("has left everything where it was", async () => {
    const [left] = await sql()`select count(*) as rows from usage_hours`;
    expect(left).toEqual({ rows: 2 });
    for (const [address, token] of [
      ["/api/v1/stats", apiToken],
      ["/api/profile", ann.accessToken],
    ] as const) {
      expect((await call("GET", address, { token })).status).toBe(200);
    }
  });
});
