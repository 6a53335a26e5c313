import { Secret, TOTP } from "otpauth";
import { afterEach, describe, expect, it, vi } from "vitest";
import { sql } from "@/db/client";
import { log } from "@/lib/base/log";
import { requestReset } from "@/lib/users/reset-password";
import { call } from "./support/api";
import { withinOneMinute } from "./support/one-minute";
import { createPerson } from "./support/world";

afterEach(() => vi.restoreAllMocks());

/** The app's code some 30-second steps from now. */
const codeOf = (secret: unknown, steps: number) =>
  new TOTP({ secret: Secret.fromBase32(String(secret)) }).generate({ timestamp: Date.now() + steps * 30_000 });

/** What the link of the last mail holds: mail is off in tests, so its text goes to the log. */
function mailedToken(calls: unknown[][]): string | null {
  const mail = calls.at(-1)?.[0] as { text?: string } | undefined;
  return new URL(/http\S+/.exec(mail?.text ?? "")?.[0] ?? "").searchParams.get("token");
}

it("A program sets up the authenticator app, renews the recovery codes and turns it off", async () => {
  const { accessToken: token, email, password } = await createPerson();
  const state = async () => (await call("GET", "/api/profile/two-factor", { token })).json();
  const body = { password };
  expect((await call("POST", "/api/profile/two-factor", { token, body: { password: "Wrong-9-Horse" } })).status).toBe(
    400,
  );
  const begun = await call("POST", "/api/profile/two-factor", { token, body });
  expect((await call("POST", "/api/profile/two-factor/confirm", { token, body: { code: "000000" } })).status).toBe(400);
  expect(await state()).toEqual({ app: false, passkey: false, recovery_codes_left: 0 });
  const code = codeOf(begun.json().secret, -1);
  const enabled = await call("POST", "/api/profile/two-factor/confirm", { token, body: { code } });
  expect(enabled.json().codes).toHaveLength(10);
  expect((await call("POST", "/api/profile/two-factor", { token, body })).status).toBe(400);
  const renewed = await call("POST", "/api/profile/two-factor/recovery-codes", { token, body });
  expect(renewed.json().codes).not.toEqual(enabled.json().codes);
  const [recovery] = renewed.json().codes as string[];
  expect((await call("POST", "/api/auth/login", { body: { email, password } })).status).toBe(401);
  expect((await call("POST", "/api/auth/login", { body: { email, password, code: recovery } })).status).toBe(200);
  expect(await state()).toEqual({ app: true, passkey: false, recovery_codes_left: 9 });
  expect((await call("DELETE", "/api/profile/two-factor", { token, body })).status).toBe(204);
  expect(await state()).toEqual({ app: false, passkey: false, recovery_codes_left: 0 });
});

it("A program changes its e-mail address by the token that was mailed to the new one", async () => {
  const { accessToken: token, password } = await createPerson();
  const mails = vi.spyOn(log(), "warn");
  const email = `new-${Date.now()}@example.com`;
  const asked = await call("POST", "/api/profile/email", { token, body: { email, password } });
  expect(asked.status).toBe(202);
  expect((await call("GET", "/api/profile", { token })).json().email).not.toBe(email);
  const mailed = mailedToken(mails.mock.calls);
  expect((await call("POST", "/api/auth/confirm-email", { body: { token: "wrong" } })).status).toBe(400);
  expect((await call("POST", "/api/auth/confirm-email", { body: { token: mailed } })).status).toBe(204);
  expect((await call("GET", "/api/profile", { token })).json()).toMatchObject({ email });
  expect((await call("POST", "/api/auth/confirm-email", { body: { token: mailed } })).status).toBe(400);
});

describe("A forgotten password", () => {
  const FRESH = "Fresh-Horse-7-Battery";
  let callers = 0;
  /** Each from an address of its own, unless told. */
  const send = (route: string, body: object, from = `203.0.113.${++callers}`) =>
    call("POST", `/api/auth/${route}`, { body, headers: { "x-forwarded-for": from } });

  it("is replaced by the token that was mailed, which ends every session", async () => {
    const { accessToken: token, email, password } = await createPerson();
    const mails = vi.spyOn(log(), "warn");
    expect((await send("forgot-password", { email: email.toUpperCase() })).status).toBe(202);
    await vi.waitFor(() => expect(mails).toHaveBeenCalledOnce());
    const mailed = mailedToken(mails.mock.calls);
    const wanted = { token: mailed, password: FRESH, password_confirm: FRESH };
    expect((await send("reset-password", { ...wanted, password_confirm: password })).status).toBe(422);
    expect((await send("reset-password", { ...wanted, token: "wrong" })).status).toBe(400);
    expect((await send("reset-password", wanted)).status).toBe(204);
    expect((await send("reset-password", wanted)).status).toBe(400);
    expect((await call("GET", "/api/profile", { token })).status).toBe(401);
    expect((await send("login", { email, password })).status).toBe(401);
    expect((await send("login", { email, password: FRESH })).status).toBe(200);
  });

  it("is asked about with one answer for a known, an unknown and a locked-out address", async () => {
    const [ann, bob] = [await createPerson(), await createPerson()];
    await sql()`update users set is_active = false where id = ${bob.viewer.userId}`;
    const answers = new Set<string>();
    for (const email of [ann.email, bob.email, "nobody@example.com"]) {
      const { status, text } = await send("forgot-password", { email });
      answers.add(`${status} ${text}`);
    }
    expect(answers.size).toBe(1);
  });

  it("may be asked about five times a minute per address and per e-mail, pages and programs together", async () => {
    const { email } = await createPerson();
    const statuses = await withinOneMinute(sql(), async () => {
      for (let time = 0; time < 3; time++) await requestReset({ ip: `198.51.100.${time}`, userAgent: null }, { email });
      const found: number[] = [];
      for (let time = 0; time < 3; time++) found.push((await send("forgot-password", { email })).status);
      return found;
    });
    expect(statuses).toEqual([202, 202, 429]);
    const guesses = await withinOneMinute(sql(), async () => {
      const found: number[] = [];
      const guess = { token: "guess", password: FRESH, password_confirm: FRESH };
      for (let time = 0; time < 6; time++) found.push((await send("reset-password", guess, "203.0.113.250")).status);
      return found;
    });
    expect(guesses).toEqual([400, 400, 400, 400, 400, 429]);
  });
});
