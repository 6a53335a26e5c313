import { beforeAll, describe, expect, it, vi } from "vitest";
import { sql } from "@/db/client";
import { forgetEnv } from "@/lib/env";
import { listPasskeys, removePasskey, renamePasskey } from "@/lib/passkeys/passkeys";
import { addPasskey, beginPasskey } from "@/lib/passkeys/register";
import { askPasskey, signInByPasskey } from "@/lib/passkeys/sign-in";
import { call } from "./support/api";
import { createAuthenticator, ORIGIN } from "./support/authenticator";
import { createPerson, type Person, viewerOf } from "./support/world";

let addresses = 0;
/** An address of its own for each call: this file is not about limits. */
const device = () => ({ ip: `198.51.100.${addresses++ % 250}`, userAgent: null });
const wanted = { kind: "page", hours: 1 } as const;
const REFUSED = { code: "unauthorized", detail: "The passkey was not accepted" };

beforeAll(() => {
  vi.stubEnv("APP_URL", ORIGIN);
  forgetEnv();
});

async function withPasskey() {
  const person = await createPerson();
  const authenticator = createAuthenticator();
  const options = await beginPasskey(person.viewer, person);
  const passkey = await addPasskey(person.viewer, { name: "Laptop", response: authenticator.create(options) });
  return { ...person, authenticator, passkey };
}

const page = { page: 1, limit: 100 };
const refusals = async ({ viewer }: Person) =>
  (
    await sql()<{ reason: string }[]>`
      select detail->>'reason' as reason from audit_events
      where action = 'session.refused' and user_id = ${viewer.userId} and team_id = ${viewer.teamId} order by id`
  ).map(({ reason }) => reason);

describe("Registering a passkey", () => {
  it("asks for the password, verifies the person and shows what the authenticator says of itself", async () => {
    const { viewer, password } = await createPerson();
    await expect(beginPasskey(viewer, { password: "Wrong-Horse-9-Battery" })).rejects.toMatchObject({
      code: "bad_request",
    });
    await expect(beginPasskey(viewer, {})).rejects.toMatchObject({ code: "bad_request" });
    const options = await beginPasskey(viewer, { password });
    expect(options).toMatchObject({
      rp: { id: "monitor.example.com" },
      attestation: "none",
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
    });
    expect(Buffer.from(options.challenge, "base64url").length).toBeGreaterThanOrEqual(32);
    const authenticator = createAuthenticator();
    await addPasskey(viewer, { name: "Phone", response: authenticator.create(options) });
    expect((await listPasskeys(viewer, page)).items).toMatchObject([
      { name: "Phone", device_type: "multiDevice", backed_up: true, last_used_at: null },
    ]);
    expect((await beginPasskey(viewer, { password })).excludeCredentials).toMatchObject([{ id: authenticator.id }]);
  });

  it("takes an answer once, in time, from the session that asked, and from our own address", async () => {
    const { viewer, password, email } = await createPerson();
    const bob = await createPerson();
    const login = await call("POST", "/api/auth/login", { body: { email, password } });
    const elsewhere = await viewerOf(String(login.json().access_token));
    const refused = { code: "bad_request", detail: "The passkey was not accepted; please try again" };
    const add = (who: typeof viewer, response: Parameters<typeof addPasskey>[1]["response"]) =>
      addPasskey(who, { name: "Phone", response });

    const options = await beginPasskey(viewer, { password });
    const answer = createAuthenticator().create(options);
    await expect(add(bob.viewer, answer)).rejects.toMatchObject(refused);
    await expect(add(elsewhere, answer)).rejects.toMatchObject(refused);
    await add(viewer, answer);
    await expect(add(viewer, answer)).rejects.toMatchObject(refused);

    for (const circumstances of [
      { origin: "https://evil.example.com" },
      { rpId: "evil.example.com" },
      { verified: false },
      { present: false },
    ]) {
      const wrong = createAuthenticator().create(await beginPasskey(viewer, { password }), circumstances);
      await expect(add(viewer, wrong), JSON.stringify(circumstances)).rejects.toMatchObject(refused);
    }

    const late = createAuthenticator().create(await beginPasskey(viewer, { password }));
    await sql()`update passkey_challenges set expires_at = now()`;
    await expect(add(viewer, late)).rejects.toMatchObject(refused);
    expect((await listPasskeys(viewer, page)).items).toHaveLength(1);
  });

  it("does not give one person's passkey to another", async () => {
    const { authenticator } = await withPasskey();
    const bob = await createPerson();
    const options = await beginPasskey(bob.viewer, bob);
    await expect(
      addPasskey(bob.viewer, { name: "Taken", response: authenticator.create(options) }),
    ).rejects.toMatchObject({ code: "conflict" });
  });

  it("needs no password from people without one who have just signed in", async () => {
    const { viewer } = await createPerson();
    await sql()`update users set password_hash = null where id = ${viewer.userId}`;
    await beginPasskey(viewer, {});
    await sql()`update sessions set created_at = now() - interval '16 minutes' where id = ${viewer.sessionId}`;
    await expect(beginPasskey(viewer, {})).rejects.toMatchObject({ code: "bad_request" });
  });
});

describe("Signing in by a passkey alone", () => {
  it("makes a session like any other, and notes the use", async () => {
    const ann = await withPasskey();
    const { token } = await signInByPasskey(device(), ann.authenticator.get(await askPasskey(device())), wanted);
    expect(await viewerOf(token)).toMatchObject({ userId: ann.viewer.userId, teamId: ann.viewer.teamId });
    const [passkey] = (await listPasskeys(ann.viewer, page)).items;
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
    await removePasskey(ann.viewer, { id: ann.passkey.id, password: ann.password });
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

describe("Looking after passkeys", () => {
  it("keeps Ann's from Bob", async () => {
    const [ann, bob] = [await withPasskey(), await createPerson()];
    const { id } = ann.passkey;
    expect((await listPasskeys(bob.viewer, page)).items).toEqual([]);
    await expect(renamePasskey(bob.viewer, { id, name: "Bob's" })).rejects.toMatchObject({ code: "not_found" });
    await expect(removePasskey(bob.viewer, { id, password: bob.password })).rejects.toMatchObject({
      code: "not_found",
    });
    expect(await renamePasskey(ann.viewer, { id, name: "Desk" })).toMatchObject({ id, name: "Desk" });
    expect((await listPasskeys(ann.viewer, page)).items).toMatchObject([{ name: "Desk" }]);
  });

  it("asks for the password before one is removed", async () => {
    const { viewer, passkey } = await withPasskey();
    await expect(removePasskey(viewer, { id: passkey.id, password: "Wrong-Horse-9-Battery" })).rejects.toMatchObject({
      code: "bad_request",
    });
    await expect(removePasskey(viewer, { id: passkey.id })).rejects.toMatchObject({ code: "bad_request" });
  });

  it("keeps the last way in of somebody without a password, also when two are removed at the same moment", async () => {
    const { viewer, passkey, password } = await withPasskey();
    const second = await addPasskey(viewer, {
      name: "Phone",
      response: createAuthenticator().create(await beginPasskey(viewer, { password })),
    });
    await sql()`update users set password_hash = null where id = ${viewer.userId}`;
    const both = await Promise.allSettled([passkey, second].map(({ id }) => removePasskey(viewer, { id })));
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect((await listPasskeys(viewer, page)).items).toHaveLength(1);
  });

  it("writes down what was done, and nothing that opens anything", async () => {
    const { viewer, passkey, password } = await withPasskey();
    await renamePasskey(viewer, { id: passkey.id, name: "Desk" });
    await removePasskey(viewer, { id: passkey.id, password });
    const events = await sql()`
      select action, object_id, detail from audit_events where team_id = ${viewer.teamId} and action like 'passkey.%' order by id`;
    expect(events.map((event) => ({ ...event }))).toEqual([
      {
        action: "passkey.added",
        object_id: String(passkey.id),
        detail: { name: "Laptop", device_type: "multiDevice" },
      },
      { action: "passkey.renamed", object_id: String(passkey.id), detail: { name: "Desk" } },
      { action: "passkey.removed", object_id: String(passkey.id), detail: { name: "Desk" } },
    ]);
  });
});

it("Programs do the same by JSON", async () => {
  const { accessToken: token, password } = await createPerson();
  const authenticator = createAuthenticator();
  const begun = await call("POST", "/api/profile/passkeys/options", { token, body: { password } });
  const response = authenticator.create(begun.json() as { challenge: string; user: { id: string } });
  const added = await call("POST", "/api/profile/passkeys", { token, body: { name: "Robot", response } });
  expect(added.status).toBe(201);
  const asked = await call("POST", "/api/auth/passkey/options", { body: {} });
  const answer = authenticator.get(asked.json() as { challenge: string });
  const signedIn = await call("POST", "/api/auth/passkey/verify", { body: { response: answer } });
  expect((await call("GET", "/api/profile", { token: String(signedIn.json().access_token) })).status).toBe(200);
  expect((await call("POST", "/api/auth/passkey/verify", { body: { response: answer } })).status).toBe(401);
  const id = added.json().id;
  expect((await call("PATCH", `/api/profile/passkeys/${id}`, { token, body: { name: "Arm" } })).json()).toMatchObject({
    name: "Arm",
  });
  expect((await call("GET", "/api/profile/passkeys", { token })).json()).toMatchObject({
    items: [{ id, name: "Arm" }],
  });
  expect((await call("DELETE", `/api/profile/passkeys/${id}`, { token, body: { password } })).status).toBe(204);
});
