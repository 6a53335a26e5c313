import { describe, expect, it } from "vitest";
import { removePasskey } from "@/lib/passkeys/passkeys";
import { login } from "@/lib/sign-in/login";
import { askPasskey, askSecondPasskey, signInByPasskey } from "@/lib/sign-in/passkey-sign-in";
import { requirePasskey, requirePasskeyNoLonger } from "@/lib/users/passkey-factor";
import { getProfile } from "@/lib/users/profile";
import { readTwoFactor } from "@/lib/users/two-factor";
import { call } from "./support/api";
import { createAuthenticator } from "./support/authenticator";
import { device, plantPasskey, underTheirAddress, withPasskey } from "./support/passkeys";
import { createPerson } from "./support/world";

const wanted = { kind: "api", hours: 1 } as const;

underTheirAddress();

/** Somebody of whom a passkey is asked after the password. */
async function withFactor() {
  const person = await withPasskey();
  const { codes } = await requirePasskey(person.viewer, person);
  return { ...person, codes };
}

describe("A passkey as the second factor", () => {
  it("is asked for only by those who want it, and comes with recovery codes", async () => {
    const person = await createPerson();
    await expect(requirePasskey(person.viewer, person)).rejects.toMatchObject({ detail: "Add a passkey first" });
    await plantPasskey(person.viewer);
    await login(device(), person, wanted);
    const { codes } = await requirePasskey(person.viewer, person);
    expect(codes).toHaveLength(10);
    expect(await requirePasskey(person.viewer, person)).toEqual({ codes: [] });
    expect(await readTwoFactor(person.viewer)).toEqual({ app: false, passkey: true, recovery_codes_left: 10 });
    expect(await getProfile(person.viewer)).toMatchObject({ two_factor: true });
    await expect(login(device(), person, wanted)).rejects.toMatchObject({
      code: "unauthorized",
      extra: { errors: [{ field: "code" }, { field: "passkey" }] },
    });
    await login(device(), { ...person, code: codes[0] }, wanted);
  });

  it("opens the door together with the password, once, even when the authenticator only saw that somebody was there", async () => {
    const ann = await withFactor();
    const passkey = ann.authenticator.get(await askSecondPasskey(device(), ann), { verified: false });
    await login(device(), { ...ann, passkey }, wanted);
    await expect(login(device(), { ...ann, passkey }, wanted)).rejects.toMatchObject({
      extra: { errors: [{ field: "passkey" }, { field: "code" }] },
    });
  });

  it("is shown to nobody who does not know the password, and lets nobody in without it", async () => {
    const ann = await withFactor();
    const wrong = { email: ann.email, password: "Wrong-Horse-9-Battery" };
    await expect(askSecondPasskey(device(), wrong)).rejects.toMatchObject({ detail: "Invalid credentials" });
    await expect(askSecondPasskey(device(), { ...wrong, email: "nobody@example.com" })).rejects.toMatchObject({
      detail: "Invalid credentials",
    });
    const passkey = ann.authenticator.get(await askSecondPasskey(device(), ann));
    await expect(login(device(), { ...wrong, passkey }, wanted)).rejects.toMatchObject({
      detail: "Invalid credentials",
    });
    await expect(signInByPasskey(device(), passkey, wanted)).rejects.toMatchObject({ code: "unauthorized" });
  });

  it("is the person's own: neither Bob's passkey nor a challenge for something else will do", async () => {
    const [ann, bob] = [await withFactor(), await withFactor()];
    const asAnn = (passkey: Parameters<typeof login>[1]["passkey"]) =>
      expect(login(device(), { ...ann, passkey }, wanted)).rejects.toMatchObject({
        detail: "The passkey was not accepted",
      });
    await asAnn(bob.authenticator.get(await askSecondPasskey(device(), ann)));
    await asAnn(bob.authenticator.get(await askSecondPasskey(device(), bob)));
    await asAnn(ann.authenticator.get(await askSecondPasskey(device(), bob)));
    await asAnn(ann.authenticator.get(await askPasskey(device())));
  });

  it("ends by the password, or with the last passkey, and its recovery codes with it", async () => {
    const ann = await withFactor();
    await expect(requirePasskeyNoLonger(ann.viewer, { password: "Wrong-Horse-9-Battery" })).rejects.toMatchObject({
      code: "bad_request",
    });
    await requirePasskeyNoLonger(ann.viewer, ann);
    await login(device(), ann, wanted);
    const bob = await withFactor();
    await removePasskey(bob.viewer, { id: bob.passkeyId, password: bob.password });
    expect(await readTwoFactor(bob.viewer)).toEqual({ app: false, passkey: false, recovery_codes_left: 0 });
    await login(device(), bob, wanted);
    await expect(askSecondPasskey(device(), bob)).rejects.toMatchObject({ detail: "This account has no passkey" });
  });

  it("works by JSON as on the page", async () => {
    const { accessToken: token, email, password, viewer } = await createPerson();
    const authenticator = createAuthenticator();
    await plantPasskey(viewer, "Robot", authenticator);
    const on = await call("POST", "/api/profile/two-factor/passkeys", { token, body: { password } });
    expect(on.json().codes).toHaveLength(10);
    expect((await call("POST", "/api/auth/login", { body: { email, password } })).status).toBe(401);
    const asked = await call("POST", "/api/auth/passkey/options", { body: { email, password } });
    const passkey = authenticator.get(asked.json() as { challenge: string });
    expect((await call("POST", "/api/auth/login", { body: { email, password, passkey } })).status).toBe(200);
    expect((await call("DELETE", "/api/profile/two-factor/passkeys", { token, body: { password } })).status).toBe(204);
    expect((await call("POST", "/api/auth/login", { body: { email, password } })).status).toBe(200);
  });
});
