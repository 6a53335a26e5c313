import { describe, expect, it } from "vitest";
import * as loginRoute from "@/app/api/auth/login/route";
import * as logoutRoute from "@/app/api/auth/logout/route";
import * as registerRoute from "@/app/api/auth/register/route";
import * as passwordRoute from "@/app/api/profile/password/route";
import * as profileRoute from "@/app/api/profile/route";
import * as sessionRoute from "@/app/api/profile/sessions/[id]/route";
import * as sessionsRoute from "@/app/api/profile/sessions/route";
import { sql } from "@/db/client";
import { forgetEnv } from "@/lib/base/env";
import { context, createPerson, PASSWORD, requestTo } from "./support/world";

let addresses = 0;
/** Every request from an address of its own, unless a test is about limits. */
const from = (ip = `10.0.${(addresses >> 8) & 255}.${addresses++ & 255}`) => ({ "x-forwarded-for": ip });

const register = (body: unknown, headers = from()) =>
  registerRoute.POST(requestTo("/api/auth/register", { body, headers }), context());
const login = (body: unknown, headers = from()) =>
  loginRoute.POST(requestTo("/api/auth/login", { body, headers }), context());
const profile = (token: string | undefined) => profileRoute.GET(requestTo("/api/profile", { token }), context());
const newcomer = (email: string, password = PASSWORD) => ({ email, password, password_confirm: password });

function withRegistration(mode: string): void {
  // biome-ignore lint/style/noProcessEnv: a test of what the variable does
  process.env.REGISTRATION = mode;
  forgetEnv();
}

describe("registration", () => {
  it("lets exactly one of many in when only the first user may register, and makes that one the admin", async () => {
    withRegistration("first-user");
    const answers = await Promise.all(["a", "b", "c", "d"].map((name) => register(newcomer(`${name}@first.example`))));
    withRegistration("open");
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 403, 403, 403]);
    const people = await sql()<{ is_admin: boolean }[]>`select is_admin from users`;
    expect(people.map((row) => ({ ...row }))).toEqual([{ is_admin: true }]);
  });

  it("is refused to everybody when it is closed", async () => {
    withRegistration("closed");
    const answer = await register(newcomer("closed@example.com"));
    withRegistration("open");
    expect(answer.status).toBe(403);
  });

  it("answers with the person and makes their own team with them as its owner", async () => {
    const answer = await register(newcomer("  Ann@Example.COM "));
    expect(answer.status).toBe(201);
    const body = await answer.json();
    expect(body).toEqual({ id: expect.any(Number), email: "ann@example.com", created_at: expect.stringMatching(/Z$/) });
    const members = await sql()`select role from members where user_id = ${body.id}`;
    expect(members.map((row) => row.role)).toEqual(["owner"]);
    const [stored] = await sql()`select password_hash, is_admin from users where id = ${body.id}`;
    expect(stored?.password_hash).toMatch(/^\$2b\$12\$/);
    expect(stored?.is_admin).toBe(false);
  });

  it("takes the language that the request asks for, and English where it asks for none", async () => {
    const localeOf = async (email: string, headers: Record<string, string>) => {
      await register(newcomer(email), { ...from(), ...headers });
      const [stored] = await sql()<{ locale: string }[]>`select locale from users where email = ${email}`;
      return stored?.locale;
    };
    expect(await localeOf("it@example.com", { "accept-language": "de;q=0.9, it-IT" })).toBe("it");
    expect(await localeOf("de@example.com", { "accept-language": "de" })).toBe("en");
    expect(await localeOf("none@example.com", {})).toBe("en");
  });

  it("refuses an e-mail that is taken, whatever its case, also when two come at once", async () => {
    const answers = await Promise.all([register(newcomer("twin@example.com")), register(newcomer("TWIN@example.com"))]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 400]);
    const refused = answers.find((answer) => answer.status === 400);
    expect(await refused?.json()).toMatchObject({ detail: "Email already registered", status: 400 });
  });

  it.each([
    ["too short", "Ab1!efghijk"],
    ["more than 72 bytes", `Aa1!${"é".repeat(35)}`],
    ["without an upper-case letter", "correct-horse-9"],
    ["without a lower-case letter", "CORRECT-HORSE-9"],
    ["without a digit", "Correct-Horse-X"],
    ["without a special character", "CorrectHorse99"],
    ["a common one dressed up", "P@ssw0rd2024!"],
    ["the e-mail itself", "Weak.Person1@example.com"],
  ])("refuses a password that is %s and never repeats it", async (_why, password) => {
    const answer = await register(newcomer("weak.person1@example.com", password));
    const text = await answer.text();
    expect(answer.status).toBe(422);
    expect(JSON.parse(text).errors).toEqual([{ field: "password", message: expect.any(String) }]);
    expect(text).not.toContain(password);
  });

  it("takes a password of exactly 72 bytes, and every byte of it counts", async () => {
    const long = `Aa1!${"x".repeat(68)}`;
    expect((await register(newcomer("long@example.com", long))).status).toBe(201);
    expect((await login({ email: "long@example.com", password: `${long.slice(0, -1)}y` })).status).toBe(401);
    expect((await login({ email: "long@example.com", password: `${long}x` })).status).toBe(401);
    expect((await login({ email: "long@example.com", password: long })).status).toBe(200);
  });

  it("names every field that is wrong, and refuses unknown ones", async () => {
    const answer = await register({ email: "no", password: PASSWORD, password_confirm: "other", is_admin: true });
    expect(answer.status).toBe(422);
    expect((await answer.json()).errors.map((error: { field: string }) => error.field).sort()).toContain("is_admin");
  });
});

describe("signing in", () => {
  it("gives a token that opens private routes, until it is signed out", async () => {
    const { email, password } = await createPerson();
    const answer = await login({ email: email.toUpperCase(), password });
    expect(answer.status).toBe(200);
    const body = await answer.json();
    expect(body).toEqual({ access_token: expect.any(String), token_type: "bearer", expires_in: 86_400 });
    expect((await profile(body.access_token)).status).toBe(200);
    const out = await logoutRoute.POST(
      requestTo("/api/auth/logout", { method: "POST", token: body.access_token }),
      context(),
    );
    expect(out.status).toBe(200);
    expect((await profile(body.access_token)).status).toBe(401);
  });

  it("refuses a null byte in an e-mail at the door, with words that tell nothing of the account", async () => {
    const answer = await login({ email: "nul\0@example.com", password: PASSWORD });
    expect(answer.status).toBe(422);
    expect((await answer.json()).errors).toEqual([{ field: "email", message: "may not contain a null byte" }]);
  });

  it("answers an unknown e-mail, a wrong password and an inactive person with the same words", async () => {
    const known = await createPerson();
    const inactive = await createPerson();
    await sql()`update users set is_active = false where id = ${inactive.viewer.userId}`;
    const answers = await Promise.all([
      login({ email: "nobody@example.com", password: PASSWORD }),
      login({ email: known.email, password: "Wrong-Horse-9-Battery" }),
      login({ email: inactive.email, password: PASSWORD }),
    ]);
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
      expect((await answer.json()).detail).toBe("Invalid credentials");
    }
  });

  it("is refused after five failures against one e-mail in a minute, from wherever they come", async () => {
    const { email } = await createPerson();
    const wrong = { email, password: "Wrong-Horse-9-Battery" };
    // Twelve tries cannot all fall into the allowance of two neighbouring minutes.
    const answers = [];
    for (let index = 0; index < 12; index++) answers.push(await login(wrong));
    const refused = answers.filter((answer) => answer.status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(2);
    expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  it("is limited per address, while successes use up nothing", async () => {
    const { email, password } = await createPerson();
    const ip = from();
    for (let index = 0; index < 7; index++) expect((await login({ email, password }, ip)).status).toBe(200);
    const answers = [];
    for (let index = 0; index < 12; index++)
      answers.push(await login({ email: `nobody${index}@example.com`, password }, ip));
    expect(answers.map((answer) => answer.status)).toContain(429);
  });

  it("refuses to read a body that is not JSON", async () => {
    const request = new Request("http://localhost/api/auth/login", { method: "POST", body: "email=a&password=b" });
    expect((await loginRoute.POST(request, context())).status).toBe(415);
    const get = await loginRoute.GET(requestTo("/api/auth/login"), context());
    expect([get.status, get.headers.get("allow")]).toEqual([405, "POST, OPTIONS"]);
  });
});

describe("the profile", () => {
  it("is read and changed, and a blank name takes the name away", async () => {
    const { accessToken: token, email } = await createPerson();
    const change = (body: unknown) =>
      profileRoute.PATCH(requestTo("/api/profile", { method: "PATCH", body, token }), context());
    const changed = await change({ name: " Ann ", timezone: "Europe/Rome", locale: "it", theme: "dark" });
    expect(await changed.json()).toMatchObject({ email, name: "Ann", timezone: "Europe/Rome", has_password: true });
    expect(await (await change({ name: null })).json()).toMatchObject({ name: null, timezone: "Europe/Rome" });
    expect((await change({ timezone: "Mars/Phobos" })).status).toBe(422);
    expect((await change({ email: "other@example.com" })).status).toBe(422);
  });

  it("takes a new password only with the present one, and ends every other session", async () => {
    const ann = await createPerson();
    const other = await (await login({ email: ann.email, password: ann.password })).json();
    const change = (current_password: string, password: string) =>
      passwordRoute.POST(
        requestTo("/api/profile/password", {
          body: { current_password, password, password_confirm: password },
          token: ann.accessToken,
        }),
        context(),
      );
    expect((await change("Wrong-Horse-9-Battery", "Fresh-Horse-7-Battery")).status).toBe(400);
    expect((await profile(other.access_token)).status).toBe(200);
    expect(await (await change(ann.password, "Fresh-Horse-7-Battery")).json()).toMatchObject({ sessions_ended: 1 });
    expect((await profile(other.access_token)).status).toBe(401);
    expect((await profile(ann.accessToken)).status).toBe(200);
    expect((await login({ email: ann.email, password: ann.password })).status).toBe(401);
    expect((await login({ email: ann.email, password: "Fresh-Horse-7-Battery" })).status).toBe(200);
  });

  it("lists the person's own sessions and ends any of them; Bob's are out of Ann's reach", async () => {
    const [ann, bob] = [await createPerson(), await createPerson()];
    const second = await (await login({ email: ann.email, password: ann.password })).json();
    const list = async (token: string) =>
      (await sessionsRoute.GET(requestTo("/api/profile/sessions", { token }), context())).json();
    const { items, pagination } = await list(ann.accessToken);
    expect(pagination).toEqual({ page: 1, limit: 100, total: 2, pages: 1 });
    expect(items.filter((item: { current: boolean }) => item.current)).toHaveLength(1);
    const end = (id: string, token: string) =>
      sessionRoute.DELETE(requestTo(`/api/profile/sessions/${id}`, { method: "DELETE", token }), context({ id }));
    const theOther = items.find((item: { current: boolean }) => !item.current);
    expect((await end(theOther.id, bob.accessToken)).status).toBe(404);
    expect((await profile(second.access_token)).status).toBe(200);
    expect((await end(theOther.id, ann.accessToken)).status).toBe(204);
    expect((await profile(second.access_token)).status).toBe(401);
    await login({ email: ann.email, password: ann.password });
    const all = await sessionsRoute.DELETE(
      requestTo("/api/profile/sessions", { method: "DELETE", token: ann.accessToken }),
      context(),
    );
    expect(await all.json()).toEqual({ ended: 1 });
    expect((await profile(ann.accessToken)).status).toBe(200);
  });

  it("is deleted with the password, and everything of the person's goes with it", async () => {
    const { viewer, accessToken: token, password } = await createPerson();
    const remove = (typed: string) =>
      profileRoute.DELETE(requestTo("/api/profile", { method: "DELETE", body: { password: typed }, token }), context());
    await sql()`insert into api_tokens (team_id, created_by, name, prefix, token_hash, scopes)
      values (${viewer.teamId}, ${viewer.userId}, 'mine', 'or_api_x', 'hash', '{}')`;
    await sql()`insert into api_keys (team_id, created_by, name, kind, hash, ciphertext)
      values (${viewer.teamId}, ${viewer.userId}, 'mine', 'inference', 'hash', 'sealed')`;
    expect((await remove("Wrong-Horse-9-Battery")).status).toBe(400);
    expect((await remove(password)).status).toBe(204);
    expect((await profile(token)).status).toBe(401);
    for (const table of ["teams", "api_tokens", "api_keys", "audit_events"]) {
      const column = table === "teams" ? "id" : "team_id";
      const left = await sql()`select 1 from ${sql()(table)} where ${sql()(column)} = ${viewer.teamId}`;
      expect([table, left.length]).toEqual([table, 0]);
    }
    expect(await sql()`select 1 from users where id = ${viewer.userId}`).toHaveLength(0);
  });
});
