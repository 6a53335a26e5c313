import { randomInt } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { sql } from "@/db/client";
import { newApiToken } from "@/lib/access/token-format";
import { AppError } from "@/lib/base/errors";
import { recordRefusedForm } from "@/lib/http/record-refusal";
import { endSession } from "@/lib/sessions/sessions";
import { login } from "@/lib/sign-in/login";
import { CreateToken } from "@/lib/tokens/schema";
import { createToken, revokeToken } from "@/lib/tokens/tokens";
import { call } from "./support/api";
import { withinOneMinute } from "./support/one-minute";
import { plantKey } from "./support/usage";
import { createPerson, type Person } from "./support/world";

type Row = { object_type: string; object_id: string; ip: string; detail: { reason: string; path: string } };

const refusalsOf = async ({ viewer }: Person): Promise<Row[]> => [
  ...(await sql()<Row[]>`
    select object_type, object_id, ip, detail from audit_events
    where team_id = ${viewer.teamId} and action = 'access.refused' order by id`),
];

/** Asks so often in a row, and answers the last status. */
async function ask(method: string, address: string, token: string | undefined, times = 1): Promise<number> {
  let status = 0;
  for (let time = 0; time < times; time++) status = (await call(method, address, { token })).status;
  return status;
}

/** Counts afresh, as when the minute is over. */
const passMinute = () => sql()`delete from rate_limits where bucket like 'refused:%'`;

let ann: Person;
let annsKey: number;

beforeAll(async () => {
  ann = await createPerson();
  annsKey = await plantKey(ann.viewer);
});

describe("A refusal is told in the audit log", () => {
  it("when a session that has ended is shown, once a minute however often", async () => {
    const cara = await withinOneMinute(sql(), async () => {
      const person = await createPerson();
      await endSession(person.viewer);
      expect(await ask("GET", "/api/keys", person.accessToken, 5)).toBe(401);
      return person;
    });
    const line = { object_type: "session", object_id: cara.viewer.sessionId, ip: "192.0.2.77" };
    expect(await refusalsOf(cara)).toEqual([{ ...line, detail: { reason: "ended", path: "/api/keys" } }]);
    await passMinute();
    await ask("GET", "/api/tokens", cara.accessToken);
    expect(await refusalsOf(cara)).toHaveLength(2);
  });

  it("when a session has expired, or its person was locked out", async () => {
    const [late, locked] = [await createPerson(), await createPerson()];
    await sql()`update sessions set expires_at = now() - interval '1 second' where id = ${late.viewer.sessionId}`;
    await sql()`update users set is_active = false where id = ${locked.viewer.userId}`;
    for (const { accessToken } of [late, locked]) await ask("GET", "/api/profile", accessToken);
    expect(await refusalsOf(late)).toMatchObject([{ detail: { reason: "expired" } }]);
    expect(await refusalsOf(locked)).toMatchObject([{ detail: { reason: "inactive" } }]);
  });

  it("when an API token is shown that was revoked or has expired", async () => {
    const { cara, revoked, late } = await withinOneMinute(sql(), async () => {
      const cara = await createPerson();
      const wanted = CreateToken.parse({ name: "T" });
      const [revoked, late] = [await createToken(cara.viewer, wanted), await createToken(cara.viewer, wanted)];
      await revokeToken(cara.viewer, { id: revoked.id });
      await sql()`update api_tokens set expires_at = now() - interval '1 second' where id = ${late.id}`;
      for (const { token } of [revoked, late]) expect(await ask("GET", "/api/v1/keys", token, 2)).toBe(401);
      return { cara, revoked, late };
    });
    expect(await refusalsOf(cara)).toMatchObject([
      { object_type: "api_token", object_id: String(revoked.id), detail: { reason: "revoked" } },
      { object_type: "api_token", object_id: String(late.id), detail: { reason: "expired" } },
    ]);
    const text = JSON.stringify(await sql()`select * from audit_events where team_id = ${cara.viewer.teamId}`);
    for (const { token } of [revoked, late]) expect(text).not.toContain(token);
  });

  it("when somebody reaches for another team's thing, in the log of the one who reached, whatever number they try", async () => {
    const others = await plantKey(ann.viewer, "Another");
    const bob = await withinOneMinute(sql(), async () => {
      const bob = await createPerson();
      for (const id of [annsKey, others]) expect(await ask("GET", `/api/keys/${id}`, bob.accessToken, 2)).toBe(403);
      expect(await ask("DELETE", `/api/keys/${annsKey}`, bob.accessToken)).toBe(403);
      return bob;
    });
    const detail = { reason: "forbidden", path: `/api/keys/${annsKey}` };
    expect(await refusalsOf(bob)).toMatchObject([
      { object_type: "route", object_id: "GET /api/keys/{id}", detail },
      { object_type: "route", object_id: "DELETE /api/keys/{id}", detail },
    ]);
    expect(await refusalsOf(ann)).toEqual([]);
  });

  it("when an API token lacks the scope, and when a form is refused", async () => {
    const cara = await createPerson();
    const { id, token } = await createToken(cara.viewer, CreateToken.parse({ name: "T", scopes: ["read:keys"] }));
    expect(await ask("GET", "/api/v1/stats?start_date=2026-03-01&end_date=2026-03-02", token)).toBe(403);
    const refusal = new AppError("forbidden", "This belongs to another team");
    await recordRefusedForm(cara.viewer, "/keys/7", refusal);
    await recordRefusedForm(cara.viewer, "/keys/7", new AppError("not_found", "There is no such thing here"));
    expect(await refusalsOf(cara)).toMatchObject([
      { object_id: "GET /api/v1/stats" },
      { object_id: "form /keys/{id}" },
    ]);
    const [row] = await sql()`select token_id from audit_events where object_id = 'GET /api/v1/stats'`;
    expect(row).toEqual({ token_id: id });
  });
});

describe("A refused sign-in", () => {
  it("with an unknown e-mail is told once a minute and address; each with a known one is told to its team", async () => {
    const tell = async (email: string, ip: string) => {
      const wanted = { kind: "api", hours: 1 } as const;
      await expect(
        login({ ip, userAgent: null }, { email, password: "Wrong-Horse-9-Battery" }, wanted),
      ).rejects.toThrow();
    };
    const ip = await withinOneMinute(sql(), async () => {
      const ip = `198.19.77.${randomInt(255)}`;
      for (let attempt = 0; attempt < 3; attempt++) await tell(`nobody-${attempt}@example.com`, ip);
      return ip;
    });
    expect(await sql()`select 1 from audit_events where ip = ${ip}`).toHaveLength(1);
    for (let attempt = 0; attempt < 2; attempt++) await tell(ann.email, ip);
    expect(await sql()`select 1 from audit_events where ip = ${ip} and team_id = ${ann.viewer.teamId}`).toHaveLength(2);
  });
});

describe("Nothing is told", () => {
  it("of what was never ours, of what is missing, and of a credential that lives at the wrong door", async () => {
    const [before] = await sql()`select count(*) from audit_events`;
    const { token } = await createToken(ann.viewer, CreateToken.parse({ name: "T" }));
    const made = Number(before?.count) + 1;
    for (const shown of [undefined, "nonsense", newApiToken(), token]) await ask("GET", "/api/keys", shown);
    for (const shown of [undefined, "a.b.c", newApiToken(), ann.accessToken]) await ask("GET", "/api/v1/keys", shown);
    expect(await ask("GET", "/api/keys/2000000000", ann.accessToken)).toBe(404);
    const [after] = await sql()`select count(*) from audit_events`;
    expect(after?.count).toBe(made);
  });
});
