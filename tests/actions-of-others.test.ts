import { beforeAll, describe, expect, it, vi } from "vitest";
import { db, sql } from "@/db/client";
import { createBadge } from "@/lib/badges/badges";
import { forgetEnv } from "@/lib/base/env";
import { createConnection } from "@/lib/broadcast/connections";
import { sealKey } from "@/lib/credentials/secret";
import { queueRun } from "@/lib/sync/runs";
import { CreateToken } from "@/lib/tokens/schema";
import { createToken } from "@/lib/tokens/tokens";
import { saveView } from "@/lib/views/views";
import { findServerActions, PUBLIC_ACTIONS } from "./support/server-actions";
import { plantKey } from "./support/usage";
import { createPerson, PASSWORD, type Person } from "./support/world";

/** Next gives cookies, and renders anew, only while it handles a request. */
const jar = vi.hoisted(() => new Map<string, string>());
vi.mock("next/headers", () => ({
  cookies: async () => ({
    get: (name: string) => (jar.has(name) ? { name, value: jar.get(name) } : undefined),
    set: () => {},
  }),
  headers: async () => new Headers(),
}));
vi.mock("next/cache", () => ({ refresh: () => {} }));

/** Actions that name nothing: they can touch only what belongs to whoever calls them. A new action belongs here or in the matrix below. */
const OF_ONESELF = [
  "(app)/command-actions.ts listPlaces",
  "(app)/keys/actions.ts createKeyAction",
  "(app)/keys/actions.ts updateTeamAction",
  "(app)/profile/actions.ts requestEmailChangeAction",
  "(app)/profile/actions.ts beginTwoFactorAction",
  "(app)/profile/actions.ts endOtherSessionsAction",
  "(app)/profile/actions.ts renewRecoveryCodesAction",
  "(app)/profile/actions.ts deleteAccountAction",
  "(app)/profile/actions.ts updateProfileAction",
  "(app)/profile/actions.ts changePasswordAction",
  "(app)/profile/actions.ts disableTwoFactorAction",
  "(app)/profile/actions.ts enableTwoFactorAction",
  "(app)/profile/passkey-actions.ts addPasskeyAction",
  "(app)/profile/passkey-actions.ts beginPasskeyAction",
  "(app)/profile/passkey-actions.ts requirePasskeyNoLongerAction",
  "(app)/profile/passkey-actions.ts requirePasskeyAction",
  "(app)/profile/service-actions.ts connectIdentityAction",
  "(app)/profile/service-actions.ts disconnectIdentityAction",
  "(app)/sign-out.ts signOut",
  "(app)/tokens/actions.ts createTokenAction",
  "(app)/view-actions.ts saveViewAction",
];

/** What a person has of whatever an action can name. */
async function belongings({ viewer }: Person) {
  const key = await plantKey(viewer, "Ann's");
  const account = await plantKey(viewer, "Ann's account");
  await sql()`update api_keys set kind = 'management' where id = ${account}`;
  for (const id of [key, account])
    await sql()`update api_keys set ciphertext = ${sealKey(id, "sk-or-v1-0")} where id = ${id}`;
  const token = await createToken(viewer, CreateToken.parse({ name: "Ann's" }));
  const connection = await createConnection(viewer, { name: "Ann's" }, "https://monitor.example.com");
  const badge = await createBadge(viewer, {});
  const view = await saveView(viewer, { page: "stats", name: "Ann's", query: "?" });
  const run = await queueRun(db(), { teamId: viewer.teamId, trigger: "manual", requestedBy: null, keyId: key });
  const [passkey] = await sql()<{ id: number }[]>`
    insert into passkeys (user_id, credential_id, public_key, name) values (${viewer.userId}, 'Ann''s', 'Ann''s', 'Ann''s') returning id`;
  return {
    key,
    account,
    passkey: passkey?.id,
    token: token.id,
    connection: connection.id,
    badge: badge.id,
    view: view.id,
    run,
    session: viewer.sessionId,
  };
}
type Belongings = Awaited<ReturnType<typeof belongings>>;

/** What each action is sent to name Ann's thing. In this order, so that what an action needs is still there when Ann does it herself. */
const MATRIX: Record<string, (hers: Belongings) => Record<string, unknown> | number> = {
  "(app)/sync-actions.ts getSyncRunAction": ({ run }) => run ?? 0,
  "(app)/sync-actions.ts requestSyncAction": ({ key }) => ({ key_id: key }),
  "(app)/keys/actions.ts testKeyAction": ({ key }) => ({ id: key }),
  "(app)/keys/actions.ts updateKeyAction": ({ key }) => ({ id: key, name: "Taken" }),
  "(app)/keys/actions.ts updateKeyIsActiveAction": ({ key }) => ({ id: key, is_active: "false" }),
  "(app)/live/setup/actions.ts createConnectionAction": ({ account }) => ({ name: "Mine", target: account }),
  "(app)/live/setup/actions.ts createDestinationAction": ({ account }) => ({ target: account }),
  "(app)/live/setup/actions.ts deleteConnectionAction": ({ connection }) => ({ id: connection }),
  "(app)/keys/actions.ts deleteKeyAction": ({ account }) => ({ id: account }),
  "(app)/keys/actions.ts deleteKeyAndLeaveAction": ({ key }) => ({ id: key }),
  "(app)/tokens/actions.ts rotateTokenAction": ({ token }) => ({ id: token }),
  "(app)/tokens/actions.ts revokeTokenAction": ({ token }) => ({ id: token }),
  "(app)/view-actions.ts deleteViewAction": ({ view }) => ({ id: view }),
  "(app)/profile/passkey-actions.ts renamePasskeyAction": ({ passkey }) => ({ id: passkey, name: "Taken" }),
  "(app)/profile/passkey-actions.ts removePasskeyAction": ({ passkey }) => ({ id: passkey, password: PASSWORD }),
  "(app)/profile/access-actions.ts revokeBadgeAction": ({ badge }) => ({ id: badge }),
  "(app)/profile/actions.ts endSessionByIdAction": ({ session }) => ({ id: session }),
};

const actions = new Map((await findServerActions()).map(({ name, run }) => [name, run]));
let ann: Person;
let bob: Person;
let hers: Belongings;

beforeAll(async () => {
  vi.stubEnv("OPENROUTER_API_URL", "http://127.0.0.1:9");
  forgetEnv();
  [ann, bob] = [await createPerson(), await createPerson()];
  hers = await belongings(ann);
});

/** Calls an action as its form does, with somebody's cookie. What Next throws to lead elsewhere counts as done. */
async function act(person: Person, name: string): Promise<unknown> {
  jar.set("session", person.accessToken);
  const named = MATRIX[name]?.(hers);
  const form = new FormData();
  if (typeof named === "object") for (const [field, value] of Object.entries(named)) form.set(field, String(value));
  const given = typeof named === "number" ? [named] : [{ status: "idle" }, form];
  const call = actions.get(name);
  if (!call) throw new Error(`There is no ${name}`);
  try {
    return await call(...given);
  } catch (error) {
    expect(String(error)).toContain("NEXT_REDIRECT");
    return { status: "done" };
  }
}

const annsThings = () => sql()`
  select (select json_agg(k order by id) from api_keys k where team_id = ${ann.viewer.teamId}) as keys,
    (select json_agg(t order by id) from api_tokens t where team_id = ${ann.viewer.teamId}) as tokens,
    (select json_agg(c order by id) from broadcast_connections c where team_id = ${ann.viewer.teamId}) as connections,
    (select json_agg(b order by id) from badges b where team_id = ${ann.viewer.teamId}) as badges,
    (select json_agg(v order by id) from saved_views v where team_id = ${ann.viewer.teamId}) as views,
    (select json_agg(r order by id) from sync_runs r where team_id = ${ann.viewer.teamId}) as runs,
    (select json_agg(p order by id) from passkeys p where user_id = ${ann.viewer.userId}) as passkeys,
    (select json_agg(s order by id) from sessions s where user_id = ${ann.viewer.userId} and revoked_at is null) as sessions`;

describe("Server actions that name a thing", () => {
  it("are all tried here, and no list names one that is gone", () => {
    const guarded = [...actions.keys()].filter((name) => !PUBLIC_ACTIONS.includes(name));
    expect([...Object.keys(MATRIX), ...OF_ONESELF].sort()).toEqual(guarded.sort());
  });

  it.each(Object.keys(MATRIX))("%s refuses Bob what is Ann's, and nothing of hers changes", async (name) => {
    const before = await annsThings();
    const answer = await act(bob, name);
    if (name.endsWith("getSyncRunAction")) expect(answer).toBeNull();
    else
      expect(answer).toMatchObject({
        status: "failed",
        message: expect.stringMatching(/^(This belongs to another team|There is no such .*)$/),
      });
    expect(JSON.stringify(answer)).not.toContain("Ann's");
    expect(await annsThings()).toEqual(before);
  });

  it.each(Object.keys(MATRIX))("%s does for Ann what it refused Bob, so it was asked right", async (name) => {
    const answer = await act(ann, name);
    // OpenRouter is away here; that it was asked says enough.
    if (/ (testKeyAction|createDestinationAction)$/.test(name))
      expect(answer).toMatchObject({ message: expect.stringContaining("OpenRouter") });
    else expect(answer).toMatchObject({ status: expect.stringMatching(/^(done|queued|running|succeeded|partial)$/) });
  });
});

describe("Server actions that ask for a permission", () => {
  /** Everybody's own account and saved views, whatever their role in the team. */
  const isOwn = (name: string): boolean =>
    /^\(app\)\/(profile\/(actions|passkey-actions|service-actions)|view-actions|sign-out)\.ts /.test(name);
  /** They answer with what the role lets them find: nothing. */
  const LOOKS = ["(app)/command-actions.ts listPlaces", "(app)/sync-actions.ts getSyncRunAction"];
  const guarded = [...Object.keys(MATRIX), ...OF_ONESELF].filter((name) => !isOwn(name) && !LOOKS.includes(name));

  it.each(guarded)("%s refuses a member of the team whose role lacks it", async (name) => {
    const hal = await createPerson();
    await sql()`update members set team_id = ${ann.viewer.teamId}, role = 'holder' where user_id = ${hal.viewer.userId}`;
    const before = await annsThings();
    expect(await act(hal, name)).toMatchObject({ status: "failed", message: "Your role (holder) does not allow this" });
    expect(await annsThings()).toEqual(before);
  });

  it.each(LOOKS)("%s shows such a member nothing", async (name) => {
    const hal = await createPerson();
    await sql()`update members set team_id = ${ann.viewer.teamId}, role = 'holder' where user_id = ${hal.viewer.userId}`;
    expect((await act(hal, name)) ?? []).toEqual([]);
  });
});
