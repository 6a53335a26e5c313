import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sql } from "@/db/client";
import { createBadge, revokeBadge } from "@/lib/badges/badges";
import { createConnection, deleteConnection } from "@/lib/broadcast/connections";
import { disconnectIdentity } from "@/lib/identities/identities";
import { deleteKey, updateKey } from "@/lib/keys/keys";
import { removePasskey, renamePasskey } from "@/lib/passkeys/passkeys";
import { endOtherSessions, endSession, endSessionById } from "@/lib/sessions/sessions";
import { startSession } from "@/lib/sign-in/login";
import { requestSync } from "@/lib/sync/runs";
import { updateTeam } from "@/lib/teams/team";
import { CreateToken } from "@/lib/tokens/schema";
import { createToken, revokeToken, rotateToken } from "@/lib/tokens/tokens";
import { requestEmailChange } from "@/lib/users/change-email";
import { changePassword } from "@/lib/users/change-password";
import { createAccount } from "@/lib/users/create-account";
import { deleteAccount } from "@/lib/users/delete-account";
import { requirePasskey, requirePasskeyNoLonger } from "@/lib/users/passkey-factor";
import { updateProfile } from "@/lib/users/profile";
import { mailReset } from "@/lib/users/reset-password";
import { beginTwoFactor, disableTwoFactor, renewRecoveryCodes } from "@/lib/users/two-factor";
import { deleteView, saveView } from "@/lib/views/views";
import { plantPasskey, underTheirAddress } from "./support/passkeys";
import { plantKey } from "./support/usage";
import { createPerson, PASSWORD } from "./support/world";

const device = { ip: "127.0.0.1", userAgent: "tests" };
const ORIGIN = "https://monitor.example.com";

underTheirAddress();

/** A person who has one of everything that can be changed. */
async function createOwner() {
  const person = await createPerson();
  const { viewer } = person;
  const key = await plantKey(viewer, "Watched");
  const token = await createToken(viewer, CreateToken.parse({ name: "Program" }));
  const badge = await createBadge(viewer, {});
  const connection = await createConnection(viewer, { name: "Live" }, ORIGIN);
  const view = await saveView(viewer, { page: "stats", name: "March", query: "?" });
  const passkey = await plantPasskey(viewer, "Laptop");
  await sql()`
    insert into accounts (user_id, type, provider, provider_account_id) values (${viewer.userId}, 'oauth', 'github', ${viewer.sessionId})`;
  await sql()`update users set passkey_factor_at = now() where id = ${viewer.userId}`;
  const other = await startSession(viewer, device, { kind: "api", hours: 1, by: "password" });
  return { ...person, key, token, badge, connection, view, passkey, other };
}
type Owner = Awaited<ReturnType<typeof createOwner>>;

/** Every change that a person can make, by the name of its verb. */
const CHANGES: Record<string, (owner: Owner) => Promise<unknown>> = {
  changePassword: ({ viewer }) =>
    changePassword(viewer, { current_password: PASSWORD, password: "Another-Horse-7-Fence" }),
  createAccount: () => createAccount({ email: "new@example.com", passwordHash: null, ip: null }),
  createBadge: ({ viewer }) => createBadge(viewer, { label: "Spend" }),
  createConnection: ({ viewer }) => createConnection(viewer, { name: "Second" }, ORIGIN),
  createToken: ({ viewer }) => createToken(viewer, CreateToken.parse({ name: "Second" })),
  beginTwoFactor: ({ viewer }) => beginTwoFactor(viewer, { password: PASSWORD }),
  deleteAccount: ({ viewer }) => deleteAccount(viewer, { password: PASSWORD }),
  deleteConnection: ({ viewer, connection }) => deleteConnection(viewer, connection),
  deleteKey: ({ viewer, key }) => deleteKey(viewer, { id: key }),
  deleteView: ({ viewer, view }) => deleteView(viewer, view),
  disableTwoFactor: ({ viewer }) => disableTwoFactor(viewer, { password: PASSWORD }),
  disconnectIdentity: ({ viewer }) => disconnectIdentity(viewer, { service: "github", password: PASSWORD }),
  endOtherSessions: ({ viewer }) => endOtherSessions(viewer),
  endSession: ({ viewer }) => endSession(viewer),
  endSessionById: ({ viewer, other }) => endSessionById(viewer, { id: other.sessionId }),
  mailReset: ({ email }) => mailReset(device, { email }),
  removePasskey: ({ viewer, passkey }) => removePasskey(viewer, { id: passkey, password: PASSWORD }),
  renamePasskey: ({ viewer, passkey }) => renamePasskey(viewer, { id: passkey, name: "Phone" }),
  renewRecoveryCodes: ({ viewer }) => renewRecoveryCodes(viewer, { password: PASSWORD }),
  requestEmailChange: ({ viewer }) => requestEmailChange(viewer, { email: "other@example.com", password: PASSWORD }),
  requestSync: ({ viewer }) => requestSync(viewer, {}),
  requirePasskey: ({ viewer }) => requirePasskey(viewer, { password: PASSWORD }),
  requirePasskeyNoLonger: ({ viewer }) => requirePasskeyNoLonger(viewer, { password: PASSWORD }),
  revokeBadge: ({ viewer, badge }) => revokeBadge(viewer, badge),
  revokeToken: ({ viewer, token }) => revokeToken(viewer, token),
  rotateToken: ({ viewer, token }) => rotateToken(viewer, token),
  saveView: ({ viewer }) => saveView(viewer, { page: "stats", name: "April", query: "?" }),
  startSession: ({ viewer }) => startSession(viewer, device, { kind: "api", hours: 1, by: "password" }),
  updateKey: ({ viewer, key }) => updateKey(viewer, { id: key, name: "Renamed" }),
  updateProfile: ({ viewer }) => updateProfile(viewer, { name: "Ann" }),
  updateTeam: ({ viewer }) => updateTeam(viewer, { reads_people: true }),
};

/** Tables that count attempts and hold what is asked once: they are not what a change is about. */
const BESIDE = ["audit_events", "rate_limits", "leases", "job_runs", "settings"];

/** Everything that the database holds, by table. */
async function readEverything(): Promise<Record<string, string>> {
  const tables = await sql()<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1`;
  const contents = tables
    .filter(({ name }) => !BESIDE.includes(name))
    .map(async ({ name }) => {
      const [row] = await sql()<{ text: string }[]>`
        select coalesce(string_agg(t::text, chr(10) order by t::text), '') as text from ${sql()(name)} t`;
      return [name, row?.text ?? ""] as const;
    });
  return Object.fromEntries(await Promise.all(contents));
}

/** The number of the newest event; the history of a team goes with it, numbers never come back. */
const newestEvent = async (): Promise<number> =>
  (await sql()<{ id: number }[]>`select coalesce(max(id), 0)::int as id from audit_events`)[0]?.id ?? 0;

describe("A change", () => {
  let owner: Owner;

  beforeAll(async () => {
    await sql()`create function refuse_event() returns trigger language plpgsql as 'begin raise ''the log is full''; end'`;
  });
  afterAll(async () => {
    await sql()`drop function refuse_event() cascade`;
  });

  it.each(Object.keys(CHANGES))(
    "%s leaves nothing behind when its event cannot be written, and else one",
    async (name) => {
      owner = await createOwner();
      const change = CHANGES[name];
      if (!change) throw new Error(`There is no ${name}`);
      await sql()`create trigger refused before insert on audit_events for each row execute function refuse_event()`;
      const before = await readEverything();
      await expect(change(owner)).rejects.toThrow();
      const after = await readEverything();
      await sql()`drop trigger refused on audit_events`;
      expect(after).toEqual(before);

      const events = await newestEvent();
      await change(owner);
      expect(await newestEvent()).toBeGreaterThan(events);
    },
  );
});

describe("In the source", () => {
  const files = readdirSync("lib", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const filesWith = (pattern: RegExp) =>
    files.filter((file) => pattern.test(readFileSync(`lib/${file}`, "utf8"))).sort();

  it("only withTransaction and what is no change write events", () => {
    expect(filesWith(/\brecordEvent\(/)).toEqual([
      "access/record-event.ts",
      "access/transaction.ts",
      "http/record-refusal.ts",
      "sign-in/refused-sign-in.ts",
    ]);
  });

  it("only machines' work in bulk begins transactions of its own", () => {
    const own = filesWith(/\.(transaction|begin)\(/).filter((file) => file !== "access/transaction.ts");
    const bulk = /^(backup|sync|usage|metrics|jobs|models|broadcast\/save-generations|keys\/rotate)/;
    expect(own.filter((file) => !bulk.test(file))).toEqual([]);
  });
});
