import { describe, expect, it } from "vitest";
import { sql } from "@/db/client";
import { listPasskeys, removePasskey } from "@/lib/passkeys/passkeys";
import { beginPasskey } from "@/lib/passkeys/register";
import { askPasskey, signInByPasskey } from "@/lib/sign-in/passkey-sign-in";
import { createAuthenticator } from "./support/authenticator";
import { device, underTheirAddress, withPasskey } from "./support/passkeys";
import { createPerson, type Person, viewerOf } from "./support/world";

const wanted = { kind: "page", hours: 1 } as const;
const REFUSED = { code: "unauthorized", detail: "The passkey was not accepted" };

underTheirAddress();

const refusals = async ({ viewer }: Person) =>
  (
    await sql()<{ reason: string }[]>`
      select detail->>'reason' as reason from audit_events
      where action = 'session.refused' and user_id = ${viewer.userId} and team_id = ${viewer.teamId} order by id`
  ).map(({ reason }) => reason);

describe("Signing in by a passkey alone", () => {
  it("makes a session like any other, and notes the use", async () => {
    const ann = await withPasskey();
    const { token } = await signInByPasskey(device(), ann.authenticator.get(await askPasskey(device())), wanted);
    expect(await viewerOf(token)).toMatchObject({ userId: ann.viewer.userId, teamId: ann.viewer.teamId });
    const [passkey] = (await listPasskeys(ann.viewer, { page: 1, limit: 100 })).items;
    expect(passkey?.last_used_at).not.toBeNull();
    const [event] = await sql()`
      select detail from audit_events where action = 'session.started' and team_id = ${ann.viewer.teamId} order by id desc limit 1`;
    expect(event?.detail).toEqual({ by: "passkey", kind: "page" });
  });

  it("answers a challenge once", async () => {
    const ann = await withPasskey();
    const options = await askPasskey(device());
    const answer = ann.authenticator.get(options);
    await signInByPasskey(device(), answer, wanted);
    await expect(signInByPasskey(device(), answer, wanted)).rejects.toMatchObject(REFUSED);
    await expect(signInByPasskey(device(), ann.authenticator.get(options), wanted)).rejects.toMatchObject(REFUSED);
    expect(await refusals(ann)).toEqual(["passkey: challenge", "passkey: challenge"]);
  });

  it("uses a challenge up even by a wrong answer, and lets only one of two at the same moment in", async () => {
    const ann = await withPasskey();
    const options = await askPasskey(device());
    const wrong = ann.authenticator.get(options, { origin: "https://evil.example.com" });
    await expect(signInByPasskey(device(), wrong, wanted)).rejects.toMatchObject(REFUSED);
    await expect(signInByPasskey(device(), ann.authenticator.get(options), wanted)).rejects.toMatchObject(REFUSED);
    const both = ann.authenticator.get(await askPasskey(device()));
    const outcomes = await Promise.allSettled([1, 2].map(() => signInByPasskey(device(), both, wanted)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it.each<[string, Parameters<ReturnType<typeof createAuthenticator>["get"]>[1]]>([
    ["from another origin", { origin: "https://evil.example.com" }],
    ["from our name without HTTPS", { origin: "http://monitor.example.com" }],
    ["for another relying party", { rpId: "evil.example.com" }],
    ["without the person's verification", { verified: false }],
    ["without anybody there", { present: false, verified: false }],
  ])("refuses an answer %s", async (_, circumstances) => {
    const ann = await withPasskey();
    const answer = ann.authenticator.get(await askPasskey(device()), circumstances);
    await expect(signInByPasskey(device(), answer, wanted)).rejects.toMatchObject(REFUSED);
    expect(await refusals(ann)).toEqual(["passkey: signature"]);
  });

  it("refuses a changed signature and another key's", async () => {
    const [ann, bob] = [await withPasskey(), await withPasskey()];
    const answer = ann.authenticator.get(await askPasskey(device()));
    const other = bob.authenticator.get({ challenge: "x" });
    const changed = { ...answer, response: { ...answer.response, signature: other.response.signature } };
    await expect(signInByPasskey(device(), changed, wanted)).rejects.toMatchObject(REFUSED);
    const forged = { ...bob.authenticator.get(await askPasskey(device())), id: ann.authenticator.id };
    await expect(signInByPasskey(device(), { ...forged, rawId: ann.authenticator.id }, wanted)).rejects.toMatchObject(
      REFUSED,
    );
  });

  it("refuses an answer that names another person, or none", async () => {
    const [ann, bob] = [await withPasskey(), await createPerson()];
    const [row] = await sql()<{ handle: string }[]>`
      select passkey_handle as handle from users where id = ${bob.viewer.userId}`;
    for (const userHandle of [Buffer.from(row?.handle ?? "").toString("base64url"), null]) {
      const answer = ann.authenticator.get(await askPasskey(device()), { userHandle });
      await expect(signInByPasskey(device(), answer, wanted)).rejects.toMatchObject(REFUSED);
    }
    expect(await refusals(ann)).toEqual(["passkey: user handle", "passkey: user handle"]);
  });

  it("refuses a challenge that is too old, and one that we never made", async () => {
    const ann = await withPasskey();
    const options = await askPasskey(device());
    const [kept] = await sql()`
      select extract(epoch from expires_at - now()) <= 300 as short from passkey_challenges where challenge = ${options.challenge}`;
    expect(kept?.short).toBe(true);
    await sql()`update passkey_challenges set expires_at = now()`;
    await expect(signInByPasskey(device(), ann.authenticator.get(options), wanted)).rejects.toMatchObject(REFUSED);
    const invented = ann.authenticator.get({ challenge: Buffer.alloc(32).toString("base64url") });
    await expect(signInByPasskey(device(), invented, wanted)).rejects.toMatchObject(REFUSED);
  });

  it("refuses a challenge that was for registering", async () => {
    const ann = await withPasskey();
    const answer = ann.authenticator.get(await beginPasskey(ann.viewer, ann));
    await expect(signInByPasskey(device(), answer, wanted)).rejects.toMatchObject(REFUSED);
  });

  it("refuses a counter that does not grow: there is a copy of the passkey", async () => {
    const ann = await withPasskey();
    const at = async (counter: number) =>
      signInByPasskey(device(), ann.authenticator.get(await askPasskey(device()), { counter }), wanted);
    await at(2 ** 32 - 2);
    await expect(at(7)).rejects.toMatchObject(REFUSED);
    await expect(at(2 ** 32 - 2)).rejects.toMatchObject(REFUSED);
    await expect(at(0)).rejects.toMatchObject(REFUSED);
    expect(await refusals(ann)).toEqual(Array(3).fill("passkey: counter"));
    await at(2 ** 32 - 1);
  });

  it("takes authenticators that count nothing", async () => {
    const ann = await withPasskey();
    for (const _ of [1, 2])
      await signInByPasskey(device(), ann.authenticator.get(await askPasskey(device()), { counter: 0 }), wanted);
  });

  it("refuses a person who was locked out, and a passkey that was removed", async () => {
    const ann = await withPasskey();
    await sql()`update users set is_active = false where id = ${ann.viewer.userId}`;
    const answer = async () => ann.authenticator.get(await askPasskey(device()));
    await expect(signInByPasskey(device(), await answer(), wanted)).rejects.toMatchObject(REFUSED);
    await sql()`update users set is_active = true where id = ${ann.viewer.userId}`;
    await signInByPasskey(device(), await answer(), wanted);
    await removePasskey(ann.viewer, { id: ann.passkeyId, password: ann.password });
    await expect(signInByPasskey(device(), await answer(), wanted)).rejects.toMatchObject(REFUSED);
  });

  it("is limited like any other way in", async () => {
    const from = { ip: "203.0.113.9", userAgent: null };
    const answer = createAuthenticator().get({ challenge: "x" });
    for (let tries = 0; tries < 5; tries += 1)
      await expect(signInByPasskey(from, answer, wanted)).rejects.toMatchObject(REFUSED);
    await expect(signInByPasskey(from, answer, wanted)).rejects.toMatchObject({ code: "too_many_requests" });
  });
});
