import path from "node:path";
import { NextRequest } from "next/server";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { sql } from "@/db/client";
import { CreateToken } from "@/lib/tokens/schema";
import { createToken } from "@/lib/tokens/tokens";
import { badSessions } from "./support/intruders";
import { findServerActions, PUBLIC_ACTIONS } from "./support/server-actions";
import { plantKey } from "./support/usage";
import { createPerson, type Person } from "./support/world";

/** The request of the moment: Next gives its cookies only while it handles one. */
const jar = vi.hoisted(() => new Map<string, string>());
vi.mock("next/headers", () => ({
  cookies: async () => ({
    get: (name: string) => (jar.has(name) ? { name, value: jar.get(name) } : undefined),
    set: () => {},
    delete: (name: string) => jar.delete(name),
  }),
  headers: async () => new Headers(),
}));

/** Not built with `action()`: what each gives to somebody who is not signed in. */
const OTHERS: Record<string, (call: () => Promise<unknown>) => Promise<void>> = {
  "(app)/command-actions.ts listPlaces": async (call) => expect(await call()).toEqual([]),
  "(app)/sync-actions.ts getSyncRunAction": async (call) => expect(await call()).toBeNull(),
  "(app)/sign-out.ts signOut": async (call) => expect(call()).rejects.toThrow("NEXT_REDIRECT"),
};

const app = path.join(import.meta.dirname, "../app");
const actions = await findServerActions();
const guarded = actions.filter(({ name }) => !PUBLIC_ACTIONS.includes(name));

let ann: Person;
let shown: Record<string, string>;
let fields: FormData;

beforeAll(async () => {
  ann = await createPerson();
  const { id, token } = await createToken(ann.viewer, CreateToken.parse({ name: "Ann's" }));
  shown = { ...(await badSessions(ann)), "an API token": token };
  const key = await plantKey(ann.viewer);
  fields = new FormData();
  for (const [name, value] of Object.entries({ id: String(key || id), name: "Taken", password: ann.password }))
    fields.set(name, value);
});
afterEach(() => jar.clear());

const snapshot = () => sql()`
  select (select count(*) from audit_events) as events, (select count(*) from api_keys where name <> 'Taken') as keys,
    (select count(*) from api_tokens where revoked_at is null) as tokens, (select count(*) from users) as people`;

describe("Server actions", () => {
  it("are all in this matrix or meant for everybody, and no list names one that is gone", () => {
    const names = actions.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([...PUBLIC_ACTIONS, ...Object.keys(OTHERS)]));
    expect(guarded.length).toBeGreaterThan(20);
  });

  it.each(guarded)("$name refuses whoever is not signed in, and nothing happens", async ({ name, run }) => {
    const before = await snapshot();
    for (const [why, token] of Object.entries({ nothing: "", ...shown })) {
      jar.clear();
      if (token) jar.set("session", token);
      const expectation = OTHERS[name];
      if (expectation) await expectation(() => run(1, fields));
      else
        expect(await run({ status: "idle" }, fields), why).toEqual({
          status: "failed",
          message: expect.stringContaining("signed out"),
        });
    }
    expect(await snapshot()).toEqual(before);
  });
});

describe.each(["/live/feed", "/stats/export"])("The page's own route %s", (address) => {
  it("answers the browser of somebody who is signed in, and nobody else's", async () => {
    const { GET } = (await import(path.join(app, "(app)", address, "route.ts"))) as {
      GET: (request: NextRequest) => Promise<Response>;
    };
    const ask = (headers: Record<string, string> = {}) =>
      GET(new NextRequest(`http://localhost${address}`, { headers }));
    for (const [why, token] of Object.entries({ nothing: "", ...shown })) {
      jar.clear();
      if (token) jar.set("session", token);
      expect((await ask()).status, why).toBe(401);
    }
    jar.clear();
    expect((await ask({ authorization: `Bearer ${ann.accessToken}` })).status).toBe(401);
    jar.set("session", ann.accessToken);
    const answer = await ask();
    expect(answer.status).toBe(200);
    await answer.body?.cancel();
  });
});
