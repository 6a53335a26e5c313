import { expect, test } from "@playwright/test";
import { builtAction, callAction } from "../support/built-actions";
import { type Instance, startInstance } from "../support/production-instance";
import { type ProductionServer, startDevelopment, untilReady } from "../support/production-server";
import { signIn } from "../support/sign-in";

/**
 * What every kind of answer tells the browser: by the production build, behind a proxy with TLS, and in development
 * alike.
 */
test.describe.configure({ mode: "serial", timeout: 300_000 });

const SHARED = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "strict-origin-when-cross-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
  "cross-origin-opener-policy": "same-origin",
};
const DATA_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
const APP_URL = "https://monitor.example.com";
const GIVEN_ID = "0b0d9d8e-6c1a-4f0e-9a52-3a1f2c9d7e11";
const BY_PROXY = {
  "x-forwarded-host": "monitor.example.com",
  "x-forwarded-proto": "https",
  "x-forwarded-for": "198.51.100.1",
};

/** A server, as a browser finds it. */
type Place = {
  server: ProductionServer;
  origin: string;
  headers: Record<string, string>;
  /** Where Next wrote what it compiled. */
  built: string;
  isTrusted: boolean;
};

let instance: Instance;
let badge: string;
let ann: string;
const places = new Map<string, Place>();

test.beforeAll(async () => {
  test.setTimeout(300_000);
  instance = await startInstance(
    [
      { LOG_LEVEL: "fatal", INNGEST_DEV: "" },
      { LOG_LEVEL: "fatal", TRUST_PROXY: "1", APP_URL },
    ],
    { seed: 5, days: 2, keys: 2 },
  );
  const [direct, proxied] = instance.servers as [ProductionServer, ProductionServer];
  const development = await startDevelopment({ ...instance.common, LOG_LEVEL: "fatal", NEXT_TELEMETRY_DISABLED: "1" });
  instance.servers.push(development);
  await untilReady(development);
  ann = await signIn(direct, "ann@example.com");
  const made = await direct.call<{ path: string }>("/api/badges", { token: ann, body: {} });
  badge = made.body.path;
  const plain = { headers: {}, built: ".next", isTrusted: false };
  places.set("the production build", { ...plain, server: direct, origin: direct.address });
  places.set("development", { ...plain, server: development, origin: development.address, built: ".next/dev" });
  places.set("the production build behind a proxy with TLS", {
    server: proxied,
    origin: APP_URL,
    headers: BY_PROXY,
    built: ".next",
    isTrusted: true,
  });
});

test.afterAll(() => instance?.close());

type Asked = RequestInit & { path: string; headers?: Record<string, string> };

function ask({ server, headers, isTrusted }: Place, { path, ...given }: Asked): Promise<Response> {
  const cookie = `${isTrusted ? "__Host-session" : "session"}=${ann}`;
  const all = { cookie, "x-request-id": GIVEN_ID, ...headers, ...given.headers };
  return fetch(server.address + path, { redirect: "manual", ...given, headers: all });
}

/** A style sheet, a script and a font of the sign-in page. */
async function filesOf(place: Place): Promise<[string, string][]> {
  const html = await (await ask(place, { path: "/login", headers: { cookie: "" } })).text();
  const find = (pattern: RegExp) => pattern.exec(html)?.[0] ?? `/not-found-${pattern.source}`;
  const style = find(/\/_next\/static\/[^"\\]+\.css/);
  const sheet = await (await ask(place, { path: style })).text();
  const font = /url\("?([^")]+\.woff2)/.exec(sheet)?.[1] ?? "";
  return [
    ["a style sheet", style],
    ["a script", find(/\/_next\/static\/[^"\\]+\.js/)],
    ["a font", new URL(font, `http://here${style}`).pathname],
  ];
}

function expectShared({ isTrusted }: Place, kind: string, { headers }: Response): void {
  const told = Object.fromEntries(Object.keys(SHARED).map((name) => [name, headers.get(name)]));
  expect.soft(told, kind).toEqual(SHARED);
  expect.soft(headers.get("strict-transport-security") !== null, `HSTS on ${kind}`).toBe(isTrusted);
  expect.soft(headers.get("x-powered-by"), kind).toBeNull();
}

/** Pages allow the scripts of this one answer; data allow nothing. */
async function expectPagePolicy(place: Place, kind: string, response: Response, text: string): Promise<void> {
  const policy = response.headers.get("content-security-policy") ?? "";
  const nonce = /script-src 'self' 'nonce-([^']+)' 'strict-dynamic'/.exec(policy)?.[1];
  expect.soft(nonce, `${kind}: ${policy}`).toBeTruthy();
  expect.soft(policy.match(/default-src/g), kind).toHaveLength(1);
  expect.soft(policy, kind).not.toMatch(/script-src[^;]*'unsafe-inline'/);
  expect.soft(policy, kind).toContain("frame-ancestors 'none'");
  expect.soft(policy.includes("upgrade-insecure-requests"), kind).toBe(place.isTrusted);
  const nonces = new Set([...text.matchAll(/<script[^>]*\snonce="([^"]*)"/g)].map(([, one]) => one));
  if (nonces.size > 0) expect.soft([...nonces], kind).toEqual([nonce]);
  const bare = [...text.matchAll(/<script(?![^>]*\snonce=)[^>]*>/g)].filter(
    ([tag]) => !tag.includes("application/json"),
  );
  expect.soft(bare, kind).toEqual([]);
}

for (const name of ["the production build", "the production build behind a proxy with TLS", "development"])
  test(`every kind of answer carries its headers: ${name}`, async () => {
    const place = places.get(name) as Place;
    const bearer = { authorization: `Bearer ${ann}`, cookie: "" };
    const stranger = { cookie: "" };
    const form = { "content-type": "application/x-www-form-urlencoded", origin: place.origin };
    const pages: [string, number[], Asked][] = [
      ["a page for everybody", [200], { path: "/login", headers: stranger }],
      ["a private page", [200], { path: "/dashboard" }],
      ["a page that is not there", [404], { path: "/nothing" }],
      ["a key's page that is not there", [404, 200], { path: "/keys/999999" }],
      ["an address that nobody can decode", [404], { path: "/%E0%A4%A" }],
      ["a way to the sign-in page", [307], { path: "/dashboard", headers: stranger }],
      ["a page for the router", [200, 307], { path: "/keys", headers: { RSC: "1" } }],
      ["the head of a page", [200], { path: "/keys", method: "HEAD" }],
      ["a form from elsewhere", [403], { path: "/login", method: "POST", headers: { origin: "https://evil.example" } }],
      [
        "a form that is too large",
        [413],
        { path: "/login", method: "POST", headers: form, body: `a=${"x".repeat(70_000)}` },
      ],
      ["an export of the page", [200], { path: "/stats/export?format=csv" }],
    ];
    for (const [kind, statuses, asked] of pages) {
      const response = await ask(place, asked);
      const text = await response.text();
      expect.soft(statuses, `${kind}: ${response.status}`).toContain(response.status);
      expectShared(place, kind, response);
      await expectPagePolicy(place, kind, response, text);
    }

    const action = builtAction("loginAction", place.built);
    const answered = await callAction(
      place.server,
      action,
      { ...place.headers, Origin: place.origin },
      { email: "ann@example.com", password: "Wrong-Horse-9-Battery" },
    );
    expect.soft(answered.status, "a form").toBe(200);
    expectShared(place, "a form", answered);
    await expectPagePolicy(place, "a form", answered, "");
    expect.soft(answered.headers.get("x-request-id") === GIVEN_ID, "a form").toBe(false);

    const json = { ...bearer, "content-type": "application/json" };
    const period = "start_date=2026-01-01&end_date=2026-01-31";
    const data: [string, number[], Asked][] = [
      ...(await filesOf(place)).map(([kind, path]): [string, number[], Asked] => [kind, [200], { path }]),
      ["a script that is not there", [404], { path: "/_next/static/chunks/nothing.js" }],
      ["the icon", [200], { path: "/icon.svg" }],
      ["the manifest", [200], { path: "/manifest.webmanifest" }],
      ["robots.txt", [200], { path: "/robots.txt" }],
      ["an answer of the API", [200], { path: "/api/health" }],
      ["a list of the API", [200], { path: "/api/keys", headers: bearer }],
      ["an error of the API", [401], { path: "/api/keys", headers: stranger }],
      ["a refused body", [422], { path: "/api/auth/login", method: "POST", headers: json, body: "{}" }],
      [
        "a body that is too large",
        [413],
        { path: "/api/auth/login", method: "POST", headers: json, body: "x".repeat(70_000) },
      ],
      ["a route that is not there", [404], { path: "/api/nothing" }],
      ["a route that nobody can decode", [404], { path: "/api/100%" }],
      ["another method", [405], { path: "/api/keys", method: "PUT", headers: bearer }],
      ["the public API without a token", [401], { path: "/api/v1/stats", headers: stranger }],
      ["the head of an answer", [200], { path: "/api/health", method: "HEAD" }],
      ["what an answer allows", [204], { path: "/api/health", method: "OPTIONS" }],
      ["the OpenAPI document", [200], { path: "/openapi.json" }],
      ["an export", [200], { path: `/api/usage/export?format=csv&${period}`, headers: bearer }],
      ["a badge", [200], { path: badge }],
      ["a badge that is not there", [404, 200], { path: "/badge/nothing" }],
      ["Auth.js's own routes", [200], { path: "/api/auth/csrf" }],
    ];
    for (const [kind, statuses, asked] of data) {
      const response = await ask(place, asked);
      await response.arrayBuffer();
      expect.soft(statuses, `${kind}: ${response.status}`).toContain(response.status);
      expectShared(place, kind, response);
      expect.soft(response.headers.get("content-security-policy"), kind).toBe(DATA_POLICY);
    }
  });

test("who asks gives their request no number, except by a proxy that is trusted", async () => {
  for (const [name, place] of places)
    for (const path of ["/login", "/api/keys", "/api/nothing"]) {
      const { headers } = await ask(place, { path, headers: { authorization: `Bearer ${ann}` } });
      const id = headers.get("x-request-id");
      expect(id, `${name} ${path}`).toMatch(/^[0-9a-f-]{36}$/);
      expect(id === GIVEN_ID, `${name} ${path}`).toBe(place.isTrusted);
    }
});
