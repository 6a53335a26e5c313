import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { ROUTES } from "@/app/openapi.json/routes";
import { db, sql } from "@/db/client";
import { ROLES, type Role } from "@/db/schema/enums";
import { can, PUBLIC as OPEN, PERSONAL } from "@/lib/access/permissions";
import { createBadge } from "@/lib/badges/badges";
import { forgetEnv } from "@/lib/base/env";
import { createConnection } from "@/lib/broadcast/connections";
import type { MethodTable } from "@/lib/http/methods";
import type { RouteSpec } from "@/lib/http/spec";
import { openApiDocument } from "@/lib/openapi/document";
import { queueRun } from "@/lib/sync/runs";
import { CreateToken } from "@/lib/tokens/schema";
import { createToken } from "@/lib/tokens/tokens";
import { call } from "./support/api";
import { badApiTokens, badSessions } from "./support/intruders";
import { plantPasskey } from "./support/passkeys";
import { plantKey, plantUsage } from "./support/usage";
import { createPerson, type Person } from "./support/world";

/** Open to everybody, or guarded by something else than a session or an API token; a new route belongs here only on purpose. */
const PUBLIC = [
  "GET /api/health",
  "GET /api/health/ready",
  "GET /badge/{secret}",
  "POST /api/auth/confirm-email",
  "POST /api/auth/forgot-password",
  "POST /api/auth/login",
  "POST /api/auth/passkey/options",
  "POST /api/auth/passkey/verify",
  "POST /api/auth/register",
  "POST /api/auth/reset-password",
  "POST /api/ingest/broadcast/{connection_id}",
  "PUT /api/ingest/broadcast/{connection_id}",
];

/** Route files without a table of ours: what catches unknown routes, Auth.js, Inngest's signed protocol, and the document. */
const NO_TABLE = ["/api/[...path]", "/api/auth/[...nextauth]", "/api/inngest", "/openapi.json"];

/** Downloads of pages, for the browser's own cookie: tried in tests/actions.test.ts. */
const BY_COOKIE = ["/live/feed", "/stats/export"];

const root = path.join(import.meta.dirname, "..");
const files = readdirSync(path.join(root, "app"), { recursive: true, encoding: "utf8" })
  .filter((file) => path.basename(file) === "route.ts")
  .sort();
const addressOf = (file: string) => `/${path.dirname(file)}`.replace(/\/\([^)]+\)/g, "");

type Operation = {
  method: string;
  address: string;
  door: string;
  permission: RouteSpec["permission"];
  asks: string[];
};
const operations: Operation[] = [];
for (const file of files) {
  const address = addressOf(file);
  if (NO_TABLE.includes(address) || BY_COOKIE.includes(address)) continue;
  const { OPTIONS } = (await import(path.join(root, "app", file))) as { OPTIONS?: { table?: MethodTable } };
  // Whoever has no table says nothing of its door: it must be listed above.
  if (!OPTIONS?.table) throw new Error(`app/${file} is neither made by methods() nor listed as public`);
  for (const [method, { door, spec }] of Object.entries(OPTIONS.table))
    operations.push({
      method,
      address: address.replace(/\[(\w+)\]/g, "{$1}"),
      door,
      permission: spec.permission,
      asks: Object.keys(spec.query?.shape ?? {}),
    });
}
const of = (door: string) => operations.filter((each) => each.door === door);

let ann: Person;
let bob: Person;
let annToken: string;
let bobToken: string;
let sessions: Record<string, string>;
let apiTokens: Record<string, string>;
/** Ann's things, by the route that leads to them. */
let hers: Record<string, number | string>;
/** Bodies that name a thing of Ann's. */
let bodies: Record<string, object>;

/** Each request from an address of its own: this is about doors, not about limits. */
let caller = 0;
const send = (method: string, address: string, token?: string, body?: object, headers: Record<string, string> = {}) => {
  caller += 1;
  const from = { "x-forwarded-for": `198.18.${caller >> 8}.${caller & 255}` };
  return call(method, address, { token, ...(body && { body }), headers: { ...from, ...headers } });
};
const filled = (address: string) => address.replace(/\{\w+\}/, String(hers[address] ?? 1));

beforeAll(async () => {
  vi.stubEnv("OPENROUTER_API_URL", "http://127.0.0.1:9");
  vi.stubEnv("APP_URL", "https://monitor.example.com");
  forgetEnv();
  [ann, bob] = [await createPerson(), await createPerson()];
  sessions = await badSessions(ann);
  apiTokens = await badApiTokens(ann);
  const key = await plantKey(ann.viewer, "Ann's key");
  await plantUsage(ann.viewer, key, [{ hour: "2026-03-01T10:00:00Z", model: "ann/secret-model" }]);
  const account = await plantKey(ann.viewer, "Ann's account");
  await sql()`update api_keys set kind = 'management' where id = ${account}`;
  const made = await createToken(ann.viewer, CreateToken.parse({ name: "Ann's token" }));
  annToken = made.token;
  bobToken = (await createToken(bob.viewer, CreateToken.parse({ name: "Bob's token" }))).token;
  const connection = await createConnection(ann.viewer, { name: "Ann's" }, "https://monitor.example.com");
  const badge = await createBadge(ann.viewer, {});
  const passkey = await plantPasskey(ann.viewer, "Ann's passkey");
  await sql()`
    insert into accounts (user_id, type, provider, provider_account_id) values (${ann.viewer.userId}, 'oauth', 'github', '1')`;
  const run = await queueRun(db(), { teamId: ann.viewer.teamId, trigger: "manual", requestedBy: null, keyId: key });
  hers = {
    "/api/keys/{id}": key,
    "/api/keys/{id}/test": key,
    "/api/tokens/{id}": made.id,
    "/api/tokens/{id}/rotate": made.id,
    "/api/badges/{id}": badge.id,
    "/api/broadcast/connections/{id}": connection.id,
    "/api/profile/passkeys/{id}": passkey,
    "/api/profile/services/{service}": "github",
    "/api/profile/sessions/{id}": ann.viewer.sessionId,
    "/api/sync/{run_id}": run ?? 0,
  };
  bodies = {
    "PUT /api/keys/{id}": { name: "Bob's now" },
    "PATCH /api/keys/{id}": { name: "Bob's now" },
    "PATCH /api/profile/passkeys/{id}": { name: "Bob's now" },
    "DELETE /api/profile/passkeys/{id}": { password: bob.password },
    "DELETE /api/profile/services/{service}": { password: bob.password },
    "POST /api/sync": { key_id: key },
    "POST /api/badges": { api_key_id: key },
    "POST /api/broadcast/connections": { name: "Bob's", management_key_id: account },
    "POST /api/broadcast/destinations": { management_key_id: account },
  };
});

describe("The list of routes", () => {
  it("has no public route that is not meant to be one", () => {
    expect(
      of("public")
        .map(({ method, address }) => `${method} ${address}`)
        .sort(),
    ).toEqual(PUBLIC);
  });

  it("names no file that is gone", () => {
    const addresses = files.map(addressOf);
    expect(addresses).toEqual(expect.arrayContaining([...NO_TABLE, ...BY_COOKIE]));
    expect(of("session").length).toBeGreaterThan(25);
    expect(of("token").length).toBeGreaterThan(5);
  });
});

const expectRefused = (answer: Awaited<ReturnType<typeof send>>, why: string) => {
  expect(answer.status, why).toBe(401);
  expect(answer.headers.get("www-authenticate"), why).toBe("Bearer");
  expect(answer.headers.get("content-type"), why).toContain("application/problem+json");
  expect(answer.text, why).not.toContain("Ann's");
};

describe.each(of("session"))("$method $address", ({ method, address }) => {
  it("is closed to whoever is not signed in, whatever they show", async () => {
    const to = filled(address);
    for (const [why, token] of Object.entries({ ...sessions, ...apiTokens, "an API token": annToken }))
      expectRefused(await send(method, to, token), why);
    expectRefused(await send(method, to), "nothing");
    const cookie = `session=${ann.accessToken}; __Host-session=${ann.accessToken}`;
    expectRefused(await send(method, to, undefined, undefined, { cookie }), "a cookie");
    const basic = { authorization: `Basic ${Buffer.from(`${ann.email}:${ann.password}`).toString("base64")}` };
    expectRefused(await send(method, to, undefined, undefined, basic), "a password");
    const passed = { "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware" };
    expectRefused(await send(method, to, undefined, undefined, passed), "a header that once skipped the middleware");
  });

  if (address.includes("{") || ["/api/sync", "/api/badges"].includes(address) || address.includes("/broadcast/")) {
    it("keeps Bob from Ann's", async () => {
      if (address.includes("{")) expect(hers[address], `an example for ${address}`).toBeDefined();
      const answer = await send(method, filled(address), bob.accessToken, bodies[`${method} ${address}`]);
      if (method === "GET" && !address.includes("{")) expect(answer.text).not.toContain("Ann's");
      else expect([403, 404], answer.text).toContain(answer.status);
    });
  }
});

describe.each(of("token"))("$method $address", ({ method, address }) => {
  it("is closed to whoever shows no API token that counts", async () => {
    for (const [why, token] of Object.entries({ ...apiTokens, ...sessions, "a session": ann.accessToken }))
      expectRefused(await send(method, address, token), why);
    expectRefused(await send(method, address), "nothing");
    expectRefused(await send(method, `${address}?token=${annToken}`), "a token in the address");
  });
});

it.each(operations.filter(({ method, door }) => method === "GET" && door !== "public"))(
  "GET $address opens to Ann, and tells Bob nothing of hers, by whatever filter he asks",
  async ({ address, door, asks }) => {
    const given: Record<string, string> = {
      start_date: "2026-02-20",
      end_date: "2026-03-05",
      api_key_id: String(hers["/api/keys/{id}"]),
      user_id: String(ann.viewer.userId),
    };
    const query = new URLSearchParams(Object.entries(given).filter(([name]) => asks.includes(name)));
    const to = `${filled(address)}?${query}`;
    const [own, others] = door === "token" ? [annToken, bobToken] : [ann.accessToken, bob.accessToken];
    expect((await send("GET", to, own)).status).toBe(200);
    const { text, status } = await send("GET", to, others);
    expect([200, 403, 404]).toContain(status);
    for (const secret of ["Ann's", "ann/secret-model", ann.email]) expect(text).not.toContain(secret);
  },
);

/** The members of a team, one of each role. */
async function createMembers(): Promise<Record<Role, Person>> {
  const { viewer: founder } = await createPerson();
  const people = await Promise.all(ROLES.map(async (role) => [role, await createPerson()] as const));
  for (const [role, { viewer }] of people)
    await sql()`update members set team_id = ${founder.teamId}, role = ${role} where user_id = ${viewer.userId}`;
  return Object.fromEntries(people) as Record<Role, Person>;
}

describe("What a role may do", () => {
  const guarded = of("session").filter(({ permission }) => permission !== PERSONAL);
  let members: Record<Role, Person>;
  beforeAll(async () => {
    members = await createMembers();
  });

  it("is asked at every door: public ones are open to all, tokens have a permission of a team", () => {
    for (const { door, permission, method, address } of operations)
      expect(permission === OPEN, `${method} ${address}`).toBe(door === "public");
    for (const { permission, address } of of("token")) expect(permission, address).not.toBe(PERSONAL);
    expect(guarded.length).toBeGreaterThan(20);
  });

  // A thing that does not exist: who may act on it is told that it is not there, and nothing is lost.
  const nowhere = (address: string) => address.replace(/\{\w+\}/, "2147483647");

  it.each(guarded.flatMap((operation) => ROLES.map((role) => ({ ...operation, role }))))(
    "$method $address ($permission) as $role",
    async ({ method, address, permission, role }) => {
      if (permission === OPEN) throw new Error("A public door has no role to ask");
      const answer = await send(method, nowhere(address), members[role].accessToken);
      const refusal = expect.stringContaining(`Your role (${role}) does not allow this`);
      if (can({ role }, permission)) expect(answer.text).not.toEqual(refusal);
      else expect(answer).toMatchObject({ status: 403, text: refusal });
    },
  );

  it("is printed in the OpenAPI document", () => {
    const { paths } = openApiDocument(ROUTES);
    for (const { method, address, permission } of operations)
      expect(paths[address]?.[method.toLowerCase()]?.["x-permission"], `${method} ${address}`).toBe(permission);
  });
});

it("After all of this, everything of Ann's is as it was", async () => {
  const [left] = await sql()`
    select (select count(*) from api_keys where team_id = ${ann.viewer.teamId} and name like 'Ann''s%') as keys,
      (select count(*) from api_tokens where id = ${hers["/api/tokens/{id}"] ?? 0} and revoked_at is null) as tokens,
      (select count(*) from badges where team_id = ${ann.viewer.teamId} and revoked_at is null) as badges,
      (select count(*) from broadcast_connections where team_id = ${ann.viewer.teamId}) as connections,
      (select count(*) from passkeys where user_id = ${ann.viewer.userId} and name like 'Ann''s%') as passkeys,
      (select count(*) from accounts where user_id = ${ann.viewer.userId}) as logins,
      (select count(*) from sessions where id = ${ann.viewer.sessionId} and revoked_at is null) as sessions,
      (select count(*) from usage_hours where team_id = ${ann.viewer.teamId}) as usage`;
  expect(left).toEqual({
    keys: 2,
    tokens: 1,
    badges: 1,
    connections: 1,
    passkeys: 1,
    logins: 1,
    sessions: 1,
    usage: 1,
  });
});

it("The routes that ask for the browser's cookie are tried beside the server actions", () => {
  const source = readFileSync(path.join(root, "tests/actions.test.ts"), "utf8");
  for (const address of BY_COOKIE) expect(source).toContain(`"${address}"`);
});
