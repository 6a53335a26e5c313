import { describe, expect, it } from "vitest";
import { sql } from "@/db/client";
import { listPasskeys, removePasskey, renamePasskey } from "@/lib/passkeys/passkeys";
import { addPasskey, beginPasskey } from "@/lib/passkeys/register";
import { call } from "./support/api";
import { createAuthenticator } from "./support/authenticator";
import { plantPasskey, underTheirAddress, withPasskey } from "./support/passkeys";
import { createPerson, viewerOf } from "./support/world";

underTheirAddress();

const page = { page: 1, limit: 100 };

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

describe("Looking after passkeys", () => {
  it("keeps Ann's from Bob", async () => {
    const [ann, bob] = [await withPasskey(), await createPerson()];
    const id = ann.passkeyId;
    expect((await listPasskeys(bob.viewer, page)).items).toEqual([]);
    await expect(renamePasskey(bob.viewer, { id, name: "Bob's" })).rejects.toMatchObject({ code: "not_found" });
    await expect(removePasskey(bob.viewer, { id, password: bob.password })).rejects.toMatchObject({
      code: "not_found",
    });
    expect(await renamePasskey(ann.viewer, { id, name: "Desk" })).toMatchObject({ id, name: "Desk" });
    expect((await listPasskeys(ann.viewer, page)).items).toMatchObject([{ name: "Desk" }]);
  });

  it("asks for the password before one is removed", async () => {
    const { viewer, passkeyId } = await withPasskey();
    await expect(removePasskey(viewer, { id: passkeyId, password: "Wrong-Horse-9-Battery" })).rejects.toMatchObject({
      code: "bad_request",
    });
    await expect(removePasskey(viewer, { id: passkeyId })).rejects.toMatchObject({ code: "bad_request" });
  });

  it("keeps the last way in of somebody without a password, also when two are removed at the same moment", async () => {
    const { viewer, passkeyId } = await withPasskey();
    const second = await plantPasskey(viewer, "Phone");
    await sql()`update users set password_hash = null where id = ${viewer.userId}`;
    const both = await Promise.allSettled([passkeyId, second].map((id) => removePasskey(viewer, { id })));
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect((await listPasskeys(viewer, page)).items).toHaveLength(1);
  });

  it("writes down what was done, and nothing that opens anything", async () => {
    const { viewer, passkeyId, password } = await withPasskey();
    await renamePasskey(viewer, { id: passkeyId, name: "Desk" });
    await removePasskey(viewer, { id: passkeyId, password });
    const events = await sql()`
      select action, object_id, detail from audit_events where team_id = ${viewer.teamId} and action like 'passkey.%' order by id`;
    expect(events.map((event) => ({ ...event }))).toEqual([
      {
        action: "passkey.added",
        object_id: String(passkeyId),
        detail: { name: "Laptop", device_type: "multiDevice" },
      },
      { action: "passkey.renamed", object_id: String(passkeyId), detail: { name: "Desk" } },
      { action: "passkey.removed", object_id: String(passkeyId), detail: { name: "Desk" } },
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
