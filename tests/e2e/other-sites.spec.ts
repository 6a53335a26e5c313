import { expect, test } from "@playwright/test";
import { actionBody, atKey, builtAction, builtActions, callAction } from "../support/built-actions";
import { addZanzibar, EVIL, startDoors, subrequest } from "../support/doors";
import { privatePagesAt } from "../support/private-pages";
import type { Instance } from "../support/production-instance";
import type { ProductionServer } from "../support/production-server";
import { PASSWORD, signIn } from "../support/sign-in";

/** What another site can have somebody's browser do at the production build, and what is told to that browser. */
test.describe.configure({ mode: "serial", timeout: 90_000 });

let instance: Instance;
let proxied: ProductionServer;
let direct: ProductionServer;
let ann: string;
let keyId: number;

test.beforeAll(async () => {
  ({ instance, proxied, direct } = await startDoors());
  ann = await signIn(proxied, "ann@example.com", "198.51.100.1");
  keyId = await addZanzibar(instance, proxied, ann);
});

test.afterAll(() => instance?.close());

/** With the cookie that her browser would send along. */
const hers = (headers: Record<string, string>) => ({ cookie: `session=${ann}`, ...headers });

const snapshot = () => instance.sql`
  select (select count(*) from audit_events) as events, (select count(*) from sessions where revoked_at is null) as sessions,
    (select json_agg(u order by id) from users u) as users, (select count(*) from api_keys) as keys, (select count(*) from rate_limits) as limits`;

test("no form is taken from another site, nor from nowhere, and nothing happens", async () => {
  const actions = builtActions().map((action) => atKey(action, keyId));
  expect(actions.length).toBeGreaterThan(30);
  const before = await snapshot();
  const wrong: [ProductionServer, Record<string, string>][] = [
    [proxied, { Origin: EVIL }],
    [proxied, { Origin: EVIL, ...subrequest("proxy", 5) }],
    [proxied, { Origin: "null" }],
    [proxied, {}],
    [
      proxied,
      { Origin: "http://monitor.example", "X-Forwarded-Host": "monitor.example", "X-Forwarded-Proto": "https" },
    ],
    [direct, { Origin: direct.address.replace("http:", "https:") }],
    [direct, { Origin: EVIL }],
    [direct, { Origin: EVIL, "X-Forwarded-Host": "evil.example" }],
    [direct, { Origin: EVIL, Forwarded: "host=evil.example" }],
    [direct, { Origin: EVIL, Host: "evil.example", "Sec-Fetch-Site": "same-origin" }],
  ];
  for (const action of actions)
    for (const [server, headers] of wrong)
      expect(
        (await callAction(server, action, hers(headers))).status,
        `${action.name} ${JSON.stringify(headers)}`,
      ).toBe(403);
  for (const page of [...privatePagesAt(keyId), "/login", "/register", "/"]) {
    const form = { method: "POST", headers: { Origin: EVIL, cookie: `session=${ann}` }, body: actionBody({}) };
    expect((await fetch(direct.address + page, form)).status, page).toBe(403);
  }
  expect(await snapshot()).toEqual(before);
});

test("the same form is taken from our own page", async () => {
  const addToken = builtAction("createTokenAction");
  for (const [server, headers] of [
    [direct, { Origin: direct.address }],
    [
      proxied,
      { Origin: "https://monitor.example", "X-Forwarded-Host": "monitor.example", "X-Forwarded-Proto": "https" },
    ],
  ] as const)
    expect(await (await callAction(server, addToken, hers(headers), { name: "Mine" })).text()).toContain("or_api_");
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
  const answer = await callAction(direct, builtAction("loginAction"), { Origin: direct.address }, credentials);
  const [cookie = ""] = answer.headers.getSetCookie().filter((one) => one.startsWith("session="));
  expect(cookie).toMatch(/HttpOnly/i);
  expect(cookie).toMatch(/SameSite=Lax/i);
});
