import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { actionBody, type BuiltAction, builtActions } from "../support/built-actions";
import { withinOneMinute } from "../support/one-minute";
import { type Instance, startInstance } from "../support/production-instance";
import type { ProductionServer } from "../support/production-server";

/** What a stranger, another team and another site try at the doors of the production build. Two servers: one behind a proxy, one not. */
test.describe.configure({ mode: "serial", timeout: 90_000 });

const PASSWORD = "Correct-Horse-9-Battery";
const EVIL = "https://evil.example";
const subrequest = (name: string, times = 1) => ({ "x-middleware-subrequest": Array(times).fill(name).join(":") });
const RSC = { RSC: "1" };

/** What the router says that it has already: every layout, so that the page alone is rendered and no layout can guard it. */
function stateFor(page: string): string {
  const leaf: unknown = ["__PAGE__", {}, null, "refetch"];
  const tree = page
    .split("/")
    .slice(1)
    .reduceRight((inner, name) => [/^\d+$/.test(name) ? ["id", name, "d", null] : name, { children: inner }], leaf);
  return encodeURIComponent(JSON.stringify(["", { children: ["(app)", { children: tree }] }]));
}

/** Ways to a page beside a person's own, by what they add to its path and to its headers. */
type Way = {
  name: string;
  suffix?: string;
  headers?: Record<string, string>;
  /** Whether Ann gets her page by it; `shell`: what stands there before anybody's data, for everybody. */
  gives?: "page" | "shell";
};
const WAYS: Way[] = [
  { name: "as a person", gives: "page" },
  { name: "for the router", headers: RSC, gives: "page" },
  { name: "for the router, by address", suffix: "?_rsc=1a2b3", headers: RSC, gives: "page" },
  { name: "ahead of time", headers: { ...RSC, "Next-Router-Prefetch": "1" }, gives: "shell" },
  {
    name: "its tree",
    headers: { ...RSC, "Next-Router-Prefetch": "1", "Next-Router-Segment-Prefetch": "/_tree" },
    gives: "shell",
  },
  {
    name: "its whole",
    headers: { ...RSC, "Next-Router-Prefetch": "1", "Next-Router-Segment-Prefetch": "/_full" },
    gives: "shell",
  },
  { name: "a file of it", suffix: ".rsc" },
  { name: "a file for the router", suffix: ".rsc", headers: RSC },
  { name: "a file made ahead", suffix: ".prefetch.rsc" },
  { name: "a file of its tree", suffix: ".segments/_tree.segment.rsc" },
  { name: "past the proxy, once", headers: subrequest("proxy"), gives: "page" },
  { name: "past the proxy", headers: subrequest("proxy", 5), gives: "page" },
  { name: "past what it was called before", headers: subrequest("middleware", 5), gives: "page" },
  { name: "past it in src", headers: subrequest("src/proxy", 5), gives: "page" },
  { name: "past it in pages", headers: subrequest("pages/_middleware"), gives: "page" },
  { name: "past it, for the router", headers: { ...RSC, ...subrequest("proxy", 5) }, gives: "page" },
  { name: "as data", headers: { "x-nextjs-data": "1" }, gives: "page" },
  {
    name: "as if matched",
    headers: { "x-matched-path": "/docs", "x-invoke-path": "/docs", "x-middleware-rewrite": "/docs" },
    gives: "page",
  },
];

/** `{"alg":"none"}` and `{}`. */
const UNSIGNED = "eyJhbGciOiJub25lIn0.e30.";
const PRIVATE = ["Zanzibar", "ann@example.com"];
let instance: Instance;
let proxied: ProductionServer;
let direct: ProductionServer;
let ann: string;
let bob: string;
let ended: string;
let tampered: string;
let keyId: number;

/** Each person comes from an address of their own. */
async function signIn(email: string, from: string): Promise<string> {
  const post = async (route: string, body: object) => {
    const headers = { "Content-Type": "application/json", "X-Forwarded-For": from };
    return (await fetch(proxied.address + route, { method: "POST", headers, body: JSON.stringify(body) })).json();
  };
  await post("/api/auth/register", { email, password: PASSWORD, password_confirm: PASSWORD });
  return (await post("/api/auth/login", { email, password: PASSWORD })).access_token;
}

test.beforeAll(async () => {
  instance = await startInstance([{ TRUST_PROXY: "1", LOG_LEVEL: "fatal" }, { LOG_LEVEL: "fatal" }], {
    seed: 5,
    days: 2,
    keys: 2,
  });
  [proxied, direct] = instance.servers as [ProductionServer, ProductionServer];
  [ann, bob] = [await signIn("ann@example.com", "198.51.100.1"), await signIn("bob@example.com", "198.51.100.2")];
  ended = await signIn("ann@example.com", "198.51.100.1");
  await proxied.call("/api/auth/logout", { token: ended, method: "POST" });
  const [header, , signature] = ann.split(".");
  tampered = [header, bob.split(".")[1], signature].join(".");
  const key = instance.simulator.world.keyNamed("key-0001").plaintext;
  const added = await proxied.call<{ id: number }>("/api/keys", { token: ann, body: { name: "Zanzibar", key } });
  expect(added.status).toBe(201);
  keyId = added.body.id;
});

test.afterAll(() => instance?.close());

const atKey = (page: string) => page.replace("[id]", String(keyId));
const PAGES = readdirSync("app/(app)", { recursive: true, encoding: "utf8" })
  .filter((file) => path.basename(file) === "page.tsx")
  .map((file) => `/${path.dirname(file)}`);

const waysTo = (page: string): Way[] => [
  ...WAYS,
  { name: "the page alone", headers: { ...RSC, "Next-Router-State-Tree": stateFor(page) }, gives: "page" },
];

/** Asks as Next's router does: a redirect to the same page under another `_rsc` is followed. */
async function ask(page: string, way: Way, cookie: string | undefined) {
  const headers = { ...way.headers, ...(cookie && { cookie: `session=${cookie}` }) };
  const get = (address: string) => fetch(proxied.address + address, { headers, redirect: "manual" });
  let response = await get(page + (way.suffix ?? ""));
  const to = response.headers.get("location");
  if (to?.startsWith(`${page}${way.suffix?.startsWith(".") ? way.suffix : ""}?_rsc`)) response = await get(to);
  return { status: response.status, location: response.headers.get("location") ?? "", text: await response.text() };
}

/** Led to the sign-in page or told that there is nothing, by status or, for the router, within the answer. */
const isRefusal = ({ status, location, text }: Awaited<ReturnType<typeof ask>>): boolean =>
  status === 404 ||
  (status === 307 && location.startsWith("/login")) ||
  /NEXT_REDIRECT;replace;\/login|NEXT_HTTP_ERROR_FALLBACK;404/.test(text);

test("no way to a page leads a stranger past the sign-in", async () => {
  expect(PAGES.length).toBeGreaterThan(8);
  const seen: string[] = [];
  const passes = async (page: string, way: Way, cookie: string | undefined) => {
    const answer = await ask(page, way, cookie);
    const isFine = isRefusal(answer) || (way.gives === "shell" && answer.status === 200);
    if (!isFine || PRIVATE.some((text) => answer.text.includes(text)))
      seen.push(`${page} ${way.name}: ${answer.status} ${answer.location}`);
  };
  for (const page of PAGES.map(atKey)) {
    const cookies = page === atKey("/keys/[id]") ? [undefined, ended, tampered, UNSIGNED] : [undefined, ended];
    await Promise.all(waysTo(page).flatMap((way) => cookies.map((cookie) => passes(page, way, cookie))));
  }
  expect(seen).toEqual([]);
});

test("no way to a page shows Bob anything of Ann's, though the same ways show it to her", async () => {
  const herKey = atKey("/keys/[id]");
  for (const page of PAGES.map(atKey))
    await Promise.all(
      // Only the page of a key names something; the others show Bob his own, whichever way.
      (page === herKey ? waysTo(page) : WAYS.slice(0, 2)).map(async (way) => {
        const answer = await ask(page, way, bob);
        for (const text of PRIVATE) expect(answer.text, `${page} ${way.name}`).not.toContain(text);
        if (page === herKey && way.gives !== "shell")
          expect(isRefusal(answer), `${way.name}: ${answer.status}`).toBe(true);
      }),
    );
  for (const way of waysTo(herKey)) {
    const { text } = await ask(herKey, way, ann);
    expect.soft({ [way.name]: text.includes("Zanzibar") }).toEqual({ [way.name]: way.gives === "page" });
  }
});

/** Calls a server action as a page does, with Ann's cookie and given headers. */
const act = ({ id, page }: BuiltAction, server: ProductionServer, headers: Record<string, string>, fields = {}) =>
  fetch(server.address + atKey(page), {
    method: "POST",
    headers: { "Next-Action": id, Accept: "text/x-component", cookie: `session=${ann}`, ...headers },
    body: actionBody(fields),
    redirect: "manual",
  });

const snapshot = () => instance.sql`
  select (select count(*) from audit_events) as events, (select count(*) from sessions where revoked_at is null) as sessions,
    (select json_agg(u order by id) from users u) as users, (select count(*) from api_keys) as keys, (select count(*) from rate_limits) as limits`;

test("no form is taken from another site, nor from nowhere, and nothing happens", async () => {
  const actions = builtActions();
  expect(actions.length).toBeGreaterThan(30);
  const before = await snapshot();
  const wrong: [ProductionServer, Record<string, string>][] = [
    [proxied, { Origin: EVIL }],
    [proxied, { Origin: EVIL, ...subrequest("proxy", 5) }],
    [proxied, { Origin: "null" }],
    [proxied, {}],
    [direct, { Origin: EVIL }],
    [direct, { Origin: EVIL, "X-Forwarded-Host": "evil.example" }],
    [direct, { Origin: EVIL, Forwarded: "host=evil.example" }],
    [direct, { Origin: EVIL, Host: "evil.example", "Sec-Fetch-Site": "same-origin" }],
  ];
  for (const action of actions)
    for (const [server, headers] of wrong)
      expect((await act(action, server, headers)).status, `${action.name} ${JSON.stringify(headers)}`).toBe(403);
  for (const page of [...PAGES.map(atKey), "/login", "/register", "/"]) {
    const form = { method: "POST", headers: { Origin: EVIL, cookie: `session=${ann}` }, body: actionBody({}) };
    expect((await fetch(direct.address + page, form)).status, page).toBe(403);
  }
  expect(await snapshot()).toEqual(before);
});

test("the same form is taken from our own page", async () => {
  const addToken = builtActions().find(({ name }) => name.endsWith(" addToken"));
  if (!addToken) throw new Error("There is no such action");
  for (const [server, headers] of [
    [direct, { Origin: direct.address }],
    [proxied, { Origin: "https://monitor.example", "X-Forwarded-Host": "monitor.example" }],
  ] as const)
    expect(await (await act(addToken, server, headers, { name: "Mine" })).text()).toContain("or_api_");
});

test("a cookie alone opens no route for programs, and no other site may read what it opens", async () => {
  const cookie = { cookie: `session=${ann}; __Host-session=${ann}`, Origin: EVIL };
  const { paths } = (await (await fetch(`${direct.address}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { security?: object[] }>>;
  };
  let tried = 0;
  for (const [route, methods] of Object.entries(paths))
    for (const [method, { security }] of Object.entries(methods)) {
      if (!security?.some((way) => Object.keys(way).length > 0)) continue;
      const address = direct.address + route.replace(/\{\w+\}/, String(keyId));
      const answer = await fetch(address, { method: method.toUpperCase(), headers: cookie });
      expect([401, 429], `${method} ${route}`).toContain(answer.status);
      expect(answer.headers.get("access-control-allow-origin")).toBeNull();
      tried += 1;
    }
  expect(tried).toBeGreaterThan(30);
  for (const route of ["/live/feed", "/stats/export"]) {
    const answer = await fetch(direct.address + route, { headers: cookie });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  }
});

test("whatever is answered tells the browser to trust nothing in it, and who asks gives their request no number", async () => {
  const style = (await (await fetch(`${direct.address}/login`)).text()).match(/\/_next\/static\/[^"]+\.css/)?.[0];
  expect(style).toBeDefined();
  const addresses = [
    "/login",
    "/dashboard",
    "/nothing",
    "/api",
    "/api/nothing",
    "/api/health",
    "/api/v1/stats",
    "/metrics",
  ];
  for (const address of [
    ...addresses,
    "/openapi.json",
    "/badge/nothing",
    "/api/ingest/broadcast/1",
    "/%E0%A4%A",
    style,
  ]) {
    const answer = await fetch(direct.address + address, { headers: { "X-Request-Id": "mine" }, redirect: "manual" });
    expect(answer.headers.get("content-security-policy"), address).toMatch(/default-src '(none|self)'/);
    expect(answer.headers.get("content-security-policy"), address).toContain("frame-ancestors 'none'");
    expect(answer.headers.get("x-content-type-options"), address).toBe("nosniff");
    expect(answer.headers.get("referrer-policy"), address).toBe("strict-origin-when-cross-origin");
    expect(answer.headers.get("x-request-id"), address).not.toBe("mine");
  }
});

test("signing in from another site is refused, and what our own page gets is a cookie that other sites cannot send", async () => {
  const credentials = { email: "ann@example.com", password: PASSWORD };
  const forged = await fetch(`${direct.address}/api/auth/callback/credentials`, {
    method: "POST",
    headers: { Origin: EVIL },
    body: new URLSearchParams(credentials),
    redirect: "manual",
  });
  expect(forged.headers.getSetCookie().filter((one) => /session=./.test(one))).toEqual([]);
  const login = builtActions().find(({ name }) => name.endsWith(" signInByPassword"));
  if (!login) throw new Error("There is no such action");
  const answer = await act(login, direct, { Origin: direct.address, cookie: "" }, credentials);
  const [cookie = ""] = answer.headers.getSetCookie().filter((one) => one.startsWith("session="));
  expect(cookie).toMatch(/HttpOnly/i);
  expect(cookie).toMatch(/SameSite=Lax/i);
});

/** The answers to six attempts, at one server and the other in turn. */
function sixTimes<T>(send: (server: ProductionServer, attempt: number) => Promise<T>): Promise<T[]> {
  return withinOneMinute(instance.sql, async () => {
    await instance.sql`delete from rate_limits`;
    const answers: T[] = [];
    for (let attempt = 0; attempt < 6; attempt++)
      answers.push(await send(attempt % 2 === 0 ? proxied : direct, attempt));
    return answers;
  });
}

test("attempts to sign in, to register and to have a password reset are counted over both servers", async () => {
  const post = async (server: ProductionServer, route: string, body: object, from?: string) => {
    const headers = { "Content-Type": "application/json", ...(from && { "X-Forwarded-For": from }) };
    return (await fetch(server.address + route, { method: "POST", headers, body: JSON.stringify(body) })).status;
  };
  const [email, password] = ["bob@example.com", "Wrong-Horse-9-Battery"];
  const byEmail = await sixTimes((server, attempt) =>
    post(server, "/api/auth/login", { email, password }, `203.0.113.${attempt}`),
  );
  expect(byEmail).toEqual([401, 401, 401, 401, 401, 429]);
  const byAddress = await sixTimes((server, attempt) =>
    post(server, "/api/auth/login", { email: `nobody-${attempt}@example.com`, password }),
  );
  expect(byAddress).toEqual([401, 401, 401, 401, 401, 429]);
  const registered = await sixTimes((server) => {
    const person = { email: `${randomUUID()}@example.com`, password: PASSWORD, password_confirm: PASSWORD };
    return post(server, "/api/auth/register", person);
  });
  expect(registered).toEqual([201, 201, 201, 201, 201, 429]);
  const reset = builtActions().find(({ name }) => name.endsWith(" askForReset"));
  if (!reset) throw new Error("There is no such action");
  const asked = await sixTimes(async (server) => {
    const answer = await act(reset, server, { Origin: server.address, cookie: "" }, { email: "ann@example.com" });
    return (await answer.text()).includes("Too many attempts");
  });
  expect(asked).toEqual([false, false, false, false, false, true]);
});
