import { Secret, TOTP } from "otpauth";
import { describe, expect, it } from "vitest";
import * as loginRoute from "@/app/api/auth/login/route";
import { sql } from "@/db/client";
import { login } from "@/lib/sign-in/login";
import {
  beginTwoFactor,
  disableTwoFactor,
  enableTwoFactor,
  readTwoFactor,
  renewRecoveryCodes,
} from "@/lib/users/two-factor";
import { context, createPerson, type Person, requestTo } from "./support/world";

const device = { ip: "192.0.2.7", userAgent: null };
const wanted = { kind: "api", hours: 1 } as const;

/** The app's code some 30-second steps from now; one step early or late is accepted. */
const codeOf = (secret: string, steps = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 });

async function withTwoFactor(): Promise<Person & { secret: string; codes: string[] }> {
  const person = await createPerson();
  const { secret } = await beginTwoFactor(person.viewer, { password: person.password });
  const { codes } = await enableTwoFactor(person.viewer, { code: codeOf(secret, -1) });
  return { ...person, secret, codes };
}

describe("the second factor", () => {
  it("is on only after a first right code, and its secret is sealed in the database", async () => {
    const { viewer, password, email } = await createPerson();
    const { secret, qr } = await beginTwoFactor(viewer, { password });
    expect(qr).toMatch(/^data:image\/png;base64,/);
    expect(await readTwoFactor(viewer)).toEqual({ app: false, passkey: false, recovery_codes_left: 0 });
    await expect(login(device, { email, password }, wanted)).resolves.toBeTruthy();
    await expect(enableTwoFactor(viewer, { code: "000000" })).rejects.toMatchObject({ code: "bad_request" });
    const { codes } = await enableTwoFactor(viewer, { code: codeOf(secret) });
    expect(new Set(codes).size).toBe(10);
    expect(await readTwoFactor(viewer)).toEqual({ app: true, passkey: false, recovery_codes_left: 10 });
    const [row] = await sql()<{ totp_secret: string }[]>`select totp_secret from users where id = ${viewer.userId}`;
    expect(row?.totp_secret).toMatch(/^v1\./);
    expect(row?.totp_secret).not.toContain(secret);
    await expect(beginTwoFactor(viewer, { password })).rejects.toMatchObject({ code: "bad_request" });
  });

  it("is asked for by the JSON login, which says so apart from a wrong password", async () => {
    const { email, password, secret } = await withTwoFactor();
    const post = (body: unknown) => loginRoute.POST(requestTo("/api/auth/login", { body }), context());
    const asked = await post({ email, password });
    expect(asked.status).toBe(401);
    expect(await asked.json()).toMatchObject({
      detail: "A code of the authenticator app is required: send it as code",
      errors: [{ field: "code", message: "is required" }],
    });
    const wrong = await post({ email, password: "Wrong-Horse-9-Battery", code: codeOf(secret) });
    expect(await wrong.json()).toMatchObject({ detail: "Invalid credentials" });
    expect((await post({ email, password, code: "000000" })).status).toBe(401);
    expect((await post({ email, password, code: codeOf(secret, 1) })).status).toBe(200);
  });

  it("takes each code once, also when two bring it at the same moment", async () => {
    const { email, password, secret } = await withTwoFactor();
    const code = codeOf(secret, 1);
    const both = await Promise.allSettled([
      login(device, { email, password, code }, wanted),
      login(device, { email, password, code }, wanted),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("takes each recovery code once, in any case, with or without its dashes", async () => {
    const { email, password, codes, viewer } = await withTwoFactor();
    const [first = "", second = ""] = codes;
    await login(device, { email, password, code: first.toUpperCase() }, wanted);
    await expect(login(device, { email, password, code: first }, wanted)).rejects.toMatchObject({
      code: "unauthorized",
    });
    await login(device, { email, password, code: second.replaceAll("-", " ") }, wanted);
    expect(await readTwoFactor(viewer)).toMatchObject({ recovery_codes_left: 8 });
  });

  it("gets new recovery codes by the password, and the old ones stop working", async () => {
    const { email, password, codes, viewer } = await withTwoFactor();
    const renewed = await renewRecoveryCodes(viewer, { password });
    await expect(login(device, { email, password, code: codes[0] }, wanted)).rejects.toMatchObject({
      code: "unauthorized",
    });
    await login(device, { email, password, code: renewed.codes[0] }, wanted);
  });

  it("is turned off only with the password", async () => {
    const { email, password, viewer } = await withTwoFactor();
    await expect(disableTwoFactor(viewer, { password: "Wrong-Horse-9-Battery" })).rejects.toMatchObject({
      code: "bad_request",
    });
    await disableTwoFactor(viewer, { password });
    await login(device, { email, password }, wanted);
    await expect(renewRecoveryCodes(viewer, { password })).rejects.toMatchObject({ code: "bad_request" });
  });
});
