import { randomUUID } from "node:crypto";
import type { Account, Profile } from "next-auth";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { sql } from "@/db/client";
import { configuredProviders } from "@/lib/access/oauth-providers";
import { accountsAdapter } from "@/lib/auth/adapter";
import { allowLinking, isLinkingAllowed } from "@/lib/auth/link-consent";
import { mayEnter } from "@/lib/auth/provider-login";
import { readableEmail } from "@/lib/base/email";
import { forgetEnv } from "@/lib/base/env";
import { changePassword } from "@/lib/users/change-password";
import { Email } from "@/lib/users/schema";
import { call } from "./support/api";
import { createPerson, PASSWORD, type Person, viewerOf } from "./support/world";

/** Next gives cookies only while it handles a request. */
const jar = vi.hoisted(() => new Map<string, string>());
vi.mock("next/headers", () => ({
  cookies: async () => ({
    get: (name: string) => (jar.has(name) ? { name, value: jar.get(name) } : undefined),
    set: (name: string, value: string) => jar.set(name, value),
  }),
  headers: async () => new Headers(),
}));

beforeAll(() => {
  vi.stubEnv("GITHUB_CLIENT_ID", "id");
  vi.stubEnv("GITHUB_CLIENT_SECRET", "secret");
  forgetEnv();
});
afterEach(() => {
  jar.clear();
  vi.unstubAllGlobals();
});

type WithUserinfo = { options: { userinfo: { request(given: object): Promise<Profile> } } };

/** What our GitHub provider makes of what GitHub's API answers; the network is the only thing that is not real. */
async function profileOf(emails: object[], status = 200): Promise<Profile> {
  const answers: Record<string, object> = { "/user": { id: 7, login: "ann" }, "/user/emails": emails };
  vi.stubGlobal("fetch", async (address: string) => Response.json(answers[new URL(address).pathname], { status }));
  const [gitHub] = configuredProviders() as unknown as WithUserinfo[];
  if (!gitHub) throw new Error("GitHub is not offered");
  return gitHub.options.userinfo.request({ tokens: { access_token: "t" } });
}

const account = (provider: string, providerAccountId: string) =>
  ({ type: "oauth", provider, providerAccountId }) as unknown as Account;
const enter = (profile: Profile, id = "7") => mayEnter({ user: {}, account: account("github", id), profile });
const connect = ({ viewer }: Person, id: string) =>
  sql()`insert into accounts (user_id, type, provider, provider_account_id) values (${viewer.userId}, 'oauth', 'github', ${id})`;

describe("GitHub", () => {
  it("lets a new person in by a primary address that it has verified", async () => {
    const profile = await profileOf([
      { email: "other@example.com", primary: false, verified: true },
      { email: "ann@example.com", primary: true, verified: true },
    ]);
    expect(profile).toMatchObject({ email: "ann@example.com", email_verified: true });
    expect(await enter(profile)).toBe(true);
  });

  it("lets nobody in by a primary address that it has not verified, nor by another one in its place", async () => {
    const profile = await profileOf([
      { email: "victim@example.com", primary: true, verified: false },
      { email: "other@example.com", primary: false, verified: true },
    ]);
    expect(profile).toMatchObject({ email: null, email_verified: false });
    expect(await enter(profile)).toBe(false);
    expect(await enter(await profileOf([]))).toBe(false);
  });

  it("lets nobody in when it does not tell", async () => {
    await expect(profileOf([], 403)).rejects.toThrow("GitHub answered 403");
  });

  it("knows a person by its id of them, whatever their address became, until they are locked out", async () => {
    const ann = await createPerson();
    await connect(ann, "100");
    const moved = { email: "else@example.com", email_verified: false };
    expect(await enter(moved, "100")).toBe(true);
    await sql()`update users set is_active = false where id = ${ann.viewer.userId}`;
    expect(await enter(moved, "100")).toBe(false);
  });
});

describe("A new person's address", () => {
  it.each([
    [true, true],
    ["true", true],
    [false, false],
    ["false", false],
    ["", false],
    [1, false],
    [undefined, false],
  ])("verified as the claim %j says lets them in: %s", async (claim, isIn) => {
    const profile = { email: "new@example.com", email_verified: claim } as unknown as Profile;
    expect(await enter(profile, randomUUID())).toBe(isIn);
  });

  it("with an international domain is one address, however it is written", async () => {
    const { createUser, getUserByEmail } = accountsAdapter();
    const made = await createUser?.({ id: "", email: "Ann@Bücher.example", emailVerified: null });
    expect(made?.email).toBe("ann@xn--bcher-kva.example");
    expect(await getUserByEmail?.("ANN@bücher.EXAMPLE")).toEqual(made);
    expect(await getUserByEmail?.("ann@xn--bcher-kva.example")).toEqual(made);
    expect(readableEmail(made?.email ?? "")).toBe("ann@bücher.example");
  });

  it("with an international domain signs in by password as it is typed", async () => {
    const sent = { email: "Bea@Bücher.example", password: PASSWORD };
    const made = await call("POST", "/api/auth/register", { body: { ...sent, password_confirm: PASSWORD } });
    expect(made.status, made.text).toBe(201);
    for (const email of [sent.email, "bea@xn--bcher-kva.example"])
      expect((await call("POST", "/api/auth/login", { body: { ...sent, email } })).status, email).toBe(200);
  });

  it.each(["ann@bü cher.example", "ann@bücher.example/x", "ann@bücher.example:80", "ann@１２７.０.０.１"])(
    "%s is none",
    (email) => {
      expect(Email.safeParse(email).success).toBe(false);
    },
  );
});

it("A person is let in whatever their name at the service holds", async () => {
  for (const [name, stored] of [
    ["half \ud83d\0 name", "half \uFFFD name"],
    [`${"n".repeat(99)}😀`, "n".repeat(99)],
    [null, null],
  ]) {
    const email = `${randomUUID()}@example.com`;
    const image = "https://example.com/\ude00.png";
    await accountsAdapter().createUser?.({ id: "", email, emailVerified: null, name, image });
    const [user] = await sql()`select name, image from users where email = ${email}`;
    expect(user).toEqual({ name: stored, image: "https://example.com/\uFFFD.png" });
  }
});

describe("Connecting a service", () => {
  it("needs the password, counts for one session, one service and once", async () => {
    const ann = await createPerson();
    const wrong = { service: "github", password: "Wrong-Horse-9-Battery" };
    await expect(allowLinking(ann.viewer, wrong)).rejects.toMatchObject({ code: "bad_request" });
    expect(jar.size).toBe(0);
    const allow = () => allowLinking(ann.viewer, { service: "github", password: PASSWORD });
    await allow();
    expect(await isLinkingAllowed(ann.viewer, "google")).toBe(false);
    await allow();
    expect(await isLinkingAllowed((await createPerson()).viewer, "github")).toBe(false);
    await allow();
    expect(await isLinkingAllowed(ann.viewer, "github")).toBe(true);
    expect(await isLinkingAllowed(ann.viewer, "github")).toBe(false);
  });

  it("is allowed no longer after the password was changed", async () => {
    const ann = await createPerson();
    await allowLinking(ann.viewer, { service: "github", password: PASSWORD });
    await changePassword(ann.viewer, { current_password: PASSWORD, password: "Fresh-Horse-7-Battery" });
    expect(await isLinkingAllowed(ann.viewer, "github")).toBe(false);
  });

  it("takes no other token of ours for the permission, nor the permission for a session", async () => {
    const ann = await createPerson();
    jar.set("connecting", ann.accessToken);
    expect(await isLinkingAllowed(ann.viewer, "github")).toBe(false);
    await allowLinking(ann.viewer, { service: "github", password: PASSWORD });
    await expect(viewerOf(jar.get("connecting") ?? "")).rejects.toMatchObject({ code: "unauthorized" });
  });

  it("refuses an identity that is somebody else's", async () => {
    const [ann, bob] = [await createPerson(), await createPerson()];
    await connect(ann, "200");
    jar.set("session", bob.accessToken);
    await allowLinking(bob.viewer, { service: "github", password: PASSWORD });
    expect(await enter({ email: "bob@example.com", email_verified: true }, "200")).toBe("/profile?service=taken");
    expect(await enter({ email: "bob@example.com", email_verified: true }, "201")).toBe(true);
    expect(await enter({ email: "bob@example.com", email_verified: true }, "201")).toBe("/profile?service=refused");
  });
});

it("A program lists and disconnects services, but not the last way in", async () => {
  const ann = await createPerson();
  const { accessToken: token, password } = ann;
  await connect(ann, "300");
  const list = async () => (await call("GET", "/api/profile/services", { token })).json().items;
  expect(await list()).toEqual([{ id: "github", name: "GitHub", connected: true }]);
  const disconnect = (body: object) => call("DELETE", "/api/profile/services/github", { token, body });
  expect((await disconnect({ password: "Wrong-Horse-9-Battery" })).status).toBe(400);
  await sql()`update users set password_hash = null where id = ${ann.viewer.userId}`;
  expect((await disconnect({})).json().detail).toContain("only way to sign in");
  await sql()`update users set password_hash = 'x' where id = ${ann.viewer.userId}`;
  expect((await disconnect({ password })).status).toBe(400);
  const bob = await createPerson();
  await connect(bob, "301");
  const answer = await call("DELETE", "/api/profile/services/github", { token: bob.accessToken, body: { password } });
  expect(answer.status).toBe(204);
  const events =
    await sql()`select object_id from audit_events where team_id = ${bob.viewer.teamId} and action = 'login.unlinked'`;
  expect(events.map((event) => event.object_id)).toEqual(["github"]);
  expect(await list()).toEqual([{ id: "github", name: "GitHub", connected: true }]);
});
