import { Secret, TOTP } from "otpauth";
import { afterEach, expect, it, vi } from "vitest";
import { log } from "@/lib/log";
import { call } from "./support/api";
import { createPerson } from "./support/world";

afterEach(() => vi.restoreAllMocks());

/** The app's code some 30-second steps from now. */
const codeOf = (secret: unknown, steps: number) =>
  new TOTP({ secret: Secret.fromBase32(String(secret)) }).generate({ timestamp: Date.now() + steps * 30_000 });

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
  const mail = mails.mock.calls.at(-1)?.[0] as unknown as { text: string } | undefined;
  const mailed = new URL(/http\S+/.exec(mail?.text ?? "")?.[0] ?? "").searchParams.get("token");
  expect((await call("POST", "/api/auth/confirm-email", { body: { token: "wrong" } })).status).toBe(400);
  expect((await call("POST", "/api/auth/confirm-email", { body: { token: mailed } })).status).toBe(204);
  expect((await call("GET", "/api/profile", { token })).json()).toMatchObject({ email });
  expect((await call("POST", "/api/auth/confirm-email", { body: { token: mailed } })).status).toBe(400);
});
