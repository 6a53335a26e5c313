import { hash } from "@node-rs/bcrypt";
import { Secret, TOTP } from "otpauth";
import { afterEach, describe, expect, it, vi } from "vitest";
import { sql } from "@/db/client";
import { createBadge } from "@/lib/badges/badges";
import { createConnection } from "@/lib/broadcast/connections";
import { addPasskey, beginPasskey } from "@/lib/passkeys/register";
import { login, startSession } from "@/lib/sign-in/login";
import { askPasskey, signInByPasskey } from "@/lib/sign-in/passkey-sign-in";
import { CreateToken } from "@/lib/tokens/schema";
import { createToken } from "@/lib/tokens/tokens";
import { changePassword } from "@/lib/users/change-password";
import { requirePasskey } from "@/lib/users/passkey-factor";
import { mailReset, resetPassword } from "@/lib/users/reset-password";
import { beginTwoFactor, enableTwoFactor, readTwoFactor } from "@/lib/users/two-factor";
import { call } from "./support/api";
import { createAuthenticator } from "./support/authenticator";
import { watchMails } from "./support/mails";
import { device, plantPasskey, underTheirAddress } from "./support/passkeys";
import { createPerson, type Person, viewerOf } from "./support/world";

const FRESH = "Fresh-Horse-7-Battery";
const wanted = { kind: "api", hours: 1 } as const;

underTheirAddress();
afterEach(() => vi.restoreAllMocks());

/** Everything that may open an account or show its figures later. */
async function plantEverything(person: Person) {
  const { viewer } = person;
  const authenticator = createAuthenticator();
  await plantPasskey(viewer, "Planted", authenticator);
  const { token: apiToken } = await createToken(viewer, CreateToken.parse({ name: "Planted" }));
  const { path: badge } = await createBadge(viewer, {});
  const connection = await createConnection(viewer, { name: "Planted" }, "https://monitor.example.com");
  await sql()`insert into accounts (user_id, type, provider, provider_account_id) values (${viewer.userId}, 'oauth', 'github', ${person.email})`;
  return { authenticator, apiToken, badge, connection };
}
type Planted = Awaited<ReturnType<typeof plantEverything>>;

async function turnOnApp(viewer: Person["viewer"], password: string) {
  const { secret } = await beginTwoFactor(viewer, { password });
  const app = new TOTP({ secret: Secret.fromBase32(secret) });
  return enableTwoFactor(viewer, { code: app.generate() });
}

/** What of it still opens something. */
async function stillOpen({ viewer, accessToken }: Person, { authenticator, apiToken, badge, connection }: Planted) {
  const ingest = `/api/ingest/broadcast/${connection.id}`;
  const tries: Record<string, () => Promise<boolean>> = {
    session: () => viewerOf(accessToken).then(() => true),
    passkey: async () =>
      signInByPasskey(device(), authenticator.get(await askPasskey(device())), wanted).then(() => true),
    api_token: () => call("GET", "/api/v1/keys", { token: apiToken }).then(({ status }) => status === 200),
    badge: () => call("GET", badge).then(({ status }) => status === 200),
    broadcast_connection: () =>
      call("POST", ingest, { token: connection.secret, body: "{}" }).then(({ status }) => status === 200),
    service: () => sql()`select 1 from accounts where user_id = ${viewer.userId}`.then((rows) => rows.length > 0),
  };
  const open: string[] = [];
  for (const [name, isOpen] of Object.entries(tries)) if (await isOpen().catch(() => false)) open.push(name);
  return open.sort();
}

const ALL = ["api_token", "badge", "broadcast_connection", "passkey", "service", "session"];

async function reset({ email }: { email: string }): Promise<void> {
  const { token } = watchMails();
  await mailReset(device(), { email });
  await resetPassword(device(), { token: token(), password: FRESH });
}

const prove = ({ viewer }: Person, when = "now()") =>
  sql()`update users set email_verified = ${sql().unsafe(when)} where id = ${viewer.userId}`;

describe("A reset by the mailbox's owner", () => {
  it("leaves nothing of whoever registered the address first, and each end stands in the log", async () => {
    const mallory = await createPerson();
    const planted = await plantEverything(mallory);
    await turnOnApp(mallory.viewer, mallory.password);
    expect(await stillOpen(mallory, planted)).toEqual(ALL);
    await reset(mallory);
    expect(await stillOpen(mallory, planted)).toEqual([]);
    const { userId, teamId } = mallory.viewer;
    await login(device(), { email: mallory.email, password: FRESH }, wanted);
    const [left] = await sql()`
      select totp_secret, totp_enabled_at, passkey_factor_at, (select count(*) from recovery_codes where user_id = ${userId}) as codes
      from users where id = ${userId}`;
    expect(left).toEqual({ totp_secret: null, totp_enabled_at: null, passkey_factor_at: null, codes: 0 });
    const events = await sql()<{ action: string }[]>`
      select action from audit_events where team_id = ${teamId} and detail->>'by' = 'reset' order by action`;
    expect(events.map(({ action }) => action)).toEqual([
      "badge.deleted",
      "broadcast.disconnected",
      "login.unlinked",
      "passkey.removed",
      "token.revoked",
      "two_factor.disabled",
    ]);
  });

  it("ends what somebody else made in the same team not at all", async () => {
    const [ann, bob] = [await createPerson(), await createPerson()];
    const { token } = await createToken(
      { ...ann.viewer, teamId: bob.viewer.teamId },
      CreateToken.parse({ name: "Ann's there" }),
    );
    const bobs = await plantEverything(bob);
    await reset(ann);
    expect((await call("GET", "/api/v1/keys", { token })).status).toBe(401);
    expect(await stillOpen(bob, bobs)).toEqual(ALL);
    const noted =
      await sql()`select 1 from audit_events where team_id = ${bob.viewer.teamId} and action = 'token.revoked'`;
    expect(noted).toHaveLength(1);
  });

  it("keeps the second factor and the service that were set up since the mailbox was proven, and no passkey", async () => {
    const ann = await createPerson();
    await prove(ann, "now() - interval '1 day'");
    const planted = await plantEverything(ann);
    const { codes } = await turnOnApp(ann.viewer, ann.password);
    await reset(ann);
    expect(await stillOpen(ann, planted)).toEqual(["service"]);
    const credentials = { email: ann.email, password: FRESH };
    await expect(login(device(), credentials, wanted)).rejects.toMatchObject({
      extra: { errors: [{ field: "code" }] },
    });
    await login(device(), { ...credentials, code: codes[0] }, wanted);
  });

  it("asks for a recovery code in the place of the passkeys that it took away", async () => {
    const ann = await createPerson();
    await prove(ann, "now() - interval '1 day'");
    await plantPasskey(ann.viewer);
    const { codes } = await requirePasskey(ann.viewer, ann);
    await reset(ann);
    const credentials = { email: ann.email, password: FRESH };
    await expect(login(device(), credentials, wanted)).rejects.toMatchObject({ code: "unauthorized" });
    const { token } = await login(device(), { ...credentials, code: codes[0] }, wanted);
    expect(await readTwoFactor(await viewerOf(token))).toEqual({ app: false, passkey: true, recovery_codes_left: 9 });
  });

  it("lets nobody be locked out by a passkey that is gone and codes that were never there", async () => {
    const ann = await createPerson();
    await prove(ann, "now() - interval '1 day'");
    await plantPasskey(ann.viewer);
    await requirePasskey(ann.viewer, ann);
    await sql()`update recovery_codes set used_at = now() where user_id = ${ann.viewer.userId}`;
    await reset(ann);
    await login(device(), { email: ann.email, password: FRESH }, wanted);
  });
});

describe("A change of password", () => {
  const change = (person: Person) =>
    changePassword(person.viewer, { current_password: person.password, password: FRESH });

  it("voids a passkey that is being registered and an app that is being set up", async () => {
    const ann = await createPerson();
    const options = await beginPasskey(ann.viewer, { password: ann.password });
    const { secret } = await beginTwoFactor(ann.viewer, { password: ann.password });
    await change(ann);
    const response = createAuthenticator().create(options);
    await expect(addPasskey(ann.viewer, { name: "Planted", response })).rejects.toMatchObject({ code: "bad_request" });
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
    await expect(enableTwoFactor(ann.viewer, { code })).rejects.toMatchObject({ code: "bad_request" });
  });

  it("leaves no session to a sign-in that was proven by the former one", async () => {
    const ann = await createPerson();
    const [before] = await sql()<
      { password_hash: string }[]
    >`select password_hash from users where id = ${ann.viewer.userId}`;
    await change(ann);
    const { userId, teamId } = ann.viewer;
    const proof = { by: "password", passwordHash: before?.password_hash ?? null };
    await expect(startSession({ userId, teamId }, device(), { ...wanted, ...proof })).rejects.toMatchObject({
      code: "unauthorized",
    });
  });

  it("lets nothing be made by a session that it has ended", async () => {
    const ann = await createPerson();
    const { token } = await login(device(), ann, wanted);
    const stolen = await viewerOf(token);
    const challenge = await beginPasskey(stolen, { password: ann.password });
    await change(ann);
    const refused = { code: "unauthorized" };
    await expect(createToken(stolen, CreateToken.parse({ name: "x" }))).rejects.toMatchObject(refused);
    await expect(createBadge(stolen, {})).rejects.toMatchObject(refused);
    await expect(createConnection(stolen, { name: "x" }, "https://x.example")).rejects.toMatchObject(refused);
    await expect(change({ ...ann, viewer: stolen, password: FRESH })).rejects.toMatchObject(refused);
    const response = createAuthenticator().create(challenge);
    await expect(addPasskey(stolen, { name: "x", response })).rejects.toMatchObject({ code: "bad_request" });
  });

  it("is followed by a list of what can still open the account, each of which has its end", async () => {
    const ann = await createPerson();
    const planted = await plantEverything(ann);
    const { accessToken: token } = ann;
    await change(ann);
    await login(device(), { email: ann.email, password: FRESH }, { kind: "page", hours: 1 });
    type Item = { kind: string; id: string; name: string | null };
    const list = async () => (await call("GET", "/api/profile/access", { token })).json().items as Item[];
    const items = await list();
    expect(items.map(({ kind }) => kind)).toEqual([
      "session",
      "passkey",
      "service",
      "api_token",
      "badge",
      "broadcast_connection",
    ]);
    expect(items.map(({ name }) => name)).toEqual([null, "Planted", "github", "Planted", null, "Planted"]);
    const ends: Record<string, string> = {
      session: "/api/profile/sessions",
      passkey: "/api/profile/passkeys",
      service: "/api/profile/services",
      api_token: "/api/tokens",
      badge: "/api/badges",
      broadcast_connection: "/api/broadcast/connections",
    };
    for (const { kind, id } of items) {
      const body = kind === "passkey" || kind === "service" ? { password: FRESH } : undefined;
      const answer = await call("DELETE", `${ends[kind]}/${id}`, { token, ...(body && { body }) });
      expect(answer.status, `${kind} ${answer.text}`).toBe(204);
    }
    expect(await list()).toEqual([]);
    expect(await stillOpen(ann, planted)).toEqual(["session"]);
  });

  it("lists nothing of anybody else", async () => {
    const [ann, bob] = [await createPerson(), await createPerson()];
    await plantEverything(ann);
    const answer = await call("GET", "/api/profile/access", { token: bob.accessToken });
    expect(answer.json()).toEqual({ items: [] });
  });
});

describe("Sessions", () => {
  it("are at most fifty of one person: the one that was not seen for longest ends, and no table is filled", async () => {
    const ann = await createPerson();
    const { userId, teamId } = ann.viewer;
    const begin = () => startSession({ userId, teamId }, device(), { ...wanted, by: "password" });
    await Promise.all(Array.from({ length: 49 }, begin));
    await viewerOf(ann.accessToken);
    await begin();
    await expect(viewerOf(ann.accessToken)).rejects.toMatchObject({ code: "unauthorized" });
    await sql()`update sessions set revoked_at = now() where user_id = ${userId}`;
    for (let count = 0; count < 5; count++) await begin();
    const [rows] = await sql()`
      select count(*) filter (where revoked_at is null) as living, count(*) filter (where revoked_at is not null) as ended
      from sessions where user_id = ${userId}`;
    expect(rows).toEqual({ living: 5, ended: 50 });
  });

  it("begin for nobody who was locked out meanwhile", async () => {
    const ann = await createPerson();
    await sql()`update users set is_active = false, password_hash = ${await hash(FRESH, { cost: 4 })} where id = ${ann.viewer.userId}`;
    const { userId, teamId } = ann.viewer;
    await expect(startSession({ userId, teamId }, device(), { ...wanted, by: "github" })).rejects.toMatchObject({
      code: "unauthorized",
    });
  });
});
