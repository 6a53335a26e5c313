import { describe, expect, it, vi } from "vitest";
import { db, sql } from "@/db/client";
import { recordEvent } from "@/lib/access/record-event";
import { listAuditChoices } from "@/lib/audit/events";
import { AuditParams } from "@/lib/audit/schema";
import { forgetEnv } from "@/lib/base/env";
import { cleanUp } from "@/lib/jobs/clean-up";
import { login } from "@/lib/sign-in/login";
import { deleteAccount } from "@/lib/users/delete-account";
import { updateProfile } from "@/lib/users/profile";
import { call } from "./support/api";
import { asSuperuser } from "./support/database";
import { createPerson, type Person } from "./support/world";

const read = async (person: Person, query = "") => {
  const answer = await call("GET", `/api/audit${query}`, { token: person.accessToken });
  expect(answer.status, answer.text).toBe(200);
  return answer.json() as { items: { action: string; ip: string | null; at: string }[]; pagination: { total: number } };
};

describe("the audit log", () => {
  it("cannot be changed, not even by whoever reaches the database as the application, or owns it", async () => {
    const { viewer } = await createPerson();
    const changes = [
      `update audit_events set action = 'nothing.happened' where team_id = ${viewer.teamId}`,
      `delete from audit_events where team_id = ${viewer.teamId}`,
      "truncate audit_events",
    ];
    const rule = /audit_events is append-only/;
    for (const [change, refusal] of [
      ...changes.map((statement) => [statement, /append-only|permission denied for table audit_events/] as const),
      ["alter table audit_events disable trigger all", /must be owner/],
      ["drop trigger audit_events_append_only on audit_events", /must be owner/],
      [
        "create or replace function refuse_audit_change() returns trigger language sql as 'select null'",
        /permission denied/,
      ],
      ["set session_replication_role = replica", /permission denied to set parameter/],
      ["set role monitor_owner", /permission denied to set role/],
    ] as const)
      await expect(sql().unsafe(change), change).rejects.toThrow(refusal);
    // Not even a superuser's session that says that it replicates passes over the rules.
    for (const change of changes)
      await expect(
        asSuperuser((superuser) => superuser.unsafe(`set session_replication_role = replica; ${change}`)),
        change,
      ).rejects.toThrow(rule);
    await recordEvent(db(), { teamId: null }, { action: "session.refused" });
    await expect(sql()`delete from audit_events where team_id is null`).rejects.toThrow(/append-only/);
    expect((await sql()`select 1 from audit_events where team_id = ${viewer.teamId}`).length).toBeGreaterThan(0);
  });

  it("gives up what is older than its retention to the clean-up job, and the last 30 days to nobody", async () => {
    const { viewer } = await createPerson();
    const plant = (days: number) => sql()`
      insert into audit_events (team_id, at, action) select ${viewer.teamId}, now() - ${days}::int * interval '1 day', 'profile.changed'`;
    for (const days of [29, 31, 99, 101]) await plant(days);
    const ages = async () => {
      const rows = await sql()<{ days: number }[]>`
        select extract(day from now() - at)::int as days from audit_events
        where team_id = ${viewer.teamId} and action = 'profile.changed' order by at desc`;
      return rows.map(({ days }) => days);
    };
    await cleanUp();
    expect(await ages()).toEqual([29, 31, 99, 101]);
    vi.stubEnv("AUDIT_RETENTION_DAYS", "100");
    forgetEnv();
    await cleanUp();
    vi.unstubAllEnvs();
    forgetEnv();
    expect(await ages()).toEqual([29, 31, 99]);
    await expect(sql()`delete from audit_events where at < now() - interval '90 days'`).rejects.toThrow(/append-only/);
    await expect(sql()`select delete_old_audit_events(0)`).rejects.toThrow(/30 days at least/);
    const pretending = sql().begin(async (transaction) => {
      await transaction`set local monitor.audit_retention = 'on'`;
      await transaction`delete from audit_events where team_id = ${viewer.teamId}`;
    });
    await expect(pretending).rejects.toThrow(/append-only/);
    expect(await ages()).toEqual([29, 31, 99]);
  });

  it("goes with its team, and of a deleted account only the deletion is left", async () => {
    const { viewer, password } = await createPerson();
    await deleteAccount(viewer, { password });
    expect(await sql()`select 1 from audit_events where team_id = ${viewer.teamId}`).toHaveLength(0);
    const [left] = await sql()`
      select user_id, ip, detail from audit_events where action = 'account.deleted' and object_id = ${String(viewer.userId)}`;
    expect(left).toEqual({ user_id: null, ip: null, detail: null });
  });

  it("tells sign-ins and refused ones, newest first, with the address they came from", async () => {
    const ann = await createPerson();
    const device = { ip: "192.0.2.41", userAgent: null };
    const wanted = { kind: "api", hours: 1 } as const;
    await login(device, { email: ann.email, password: ann.password }, wanted);
    await expect(login(device, { email: ann.email, password: "Wrong-Horse-9-Battery" }, wanted)).rejects.toThrow();
    const { items } = await read(ann);
    expect(items.slice(0, 2)).toMatchObject([
      { action: "session.refused", ip: "192.0.2.41", user_email: ann.email, detail: { reason: "credentials" } },
      { action: "session.started", ip: "192.0.2.41" },
    ]);
    expect(JSON.stringify(items)).not.toContain("Battery");
  });

  it("is searched by action, person and days, page by page", async () => {
    const ann = await createPerson();
    await updateProfile(ann.viewer, { name: "Ann" });
    expect((await read(ann, "?action=profile.changed")).items).toMatchObject([{ action: "profile.changed" }]);
    expect((await read(ann, `?user_id=${ann.viewer.userId}`)).pagination.total).toBeGreaterThan(1);
    expect((await read(ann, `?user_id=${ann.viewer.userId + 1000}`)).pagination.total).toBe(0);
    const { items, pagination } = await read(ann, "?limit=1&page=2");
    expect(items).toHaveLength(1);
    const day = (await read(ann)).items[0]?.at.slice(0, 10) ?? "";
    expect((await read(ann, `?start_date=${day}&end_date=9998-12-31`)).pagination.total).toBeGreaterThan(0);
    expect((await read(ann, "?end_date=2001-01-01")).pagination.total).toBe(0);
    expect(pagination.total).toBeGreaterThan(1);
    expect((await listAuditChoices(ann.viewer)).actions).toContain("profile.changed");
  });

  it("of Ann's team is invisible to Bob", async () => {
    const ann = await createPerson();
    const bob = await createPerson();
    await updateProfile(ann.viewer, { name: "Ann" });
    expect((await read(bob, "?action=profile.changed")).pagination.total).toBe(0);
    expect((await read(bob, `?user_id=${ann.viewer.userId}`)).pagination.total).toBe(0);
    expect(await listAuditChoices(bob.viewer)).toMatchObject({ people: [{ email: bob.email }] });
  });

  it("takes any address of its page: a part that makes no sense is as good as absent", () => {
    expect(AuditParams.parse({ action: "'; drop", user: ["x"], start: "2026-02-30", page: "-1" })).toEqual({ page: 1 });
  });
});
