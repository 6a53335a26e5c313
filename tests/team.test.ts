import { expect, test } from "vitest";
import { sql } from "@/db/client";
import { createKey } from "@/lib/keys/create-key";
import { settleRuns } from "@/lib/sync/worker";
import { call } from "./support/api";
import { syncNow } from "./support/books";
import { simulateOpenRouter } from "./support/openrouter";
import { createPerson } from "./support/world";

const openRouter = simulateOpenRouter({ days: 5, keys: 4, seed: 3 });

test("end users and countries are read only while the team has them switched on, and deleted when it switches them off", async () => {
  const ann = await createPerson();
  const bob = await createPerson();
  await createKey(ann.viewer, { name: "Account", key: openRouter().world.managementKey().plaintext });
  await settleRuns();
  const kept = async () => {
    const rows = await sql()<{ dimension: string }[]>`
      select distinct dimension from breakdown_days where team_id = ${ann.viewer.teamId} order by dimension`;
    return rows.map(({ dimension }) => dimension).filter((name) => ["country", "external_user"].includes(name));
  };
  expect((await call("GET", "/api/team", { token: ann.accessToken })).json()).toMatchObject({ reads_people: false });
  expect(await kept()).toEqual([]);

  const body = { reads_people: true };
  expect((await call("PATCH", "/api/team", { token: ann.accessToken, body })).json()).toMatchObject(body);
  await syncNow(ann.viewer);
  expect(await kept()).toEqual(["country", "external_user"]);
  expect((await call("GET", "/api/team", { token: bob.accessToken })).json()).toMatchObject({ reads_people: false });

  await call("PATCH", "/api/team", { token: ann.accessToken, body: { reads_people: false } });
  expect(await kept()).toEqual([]);
  const events = await sql()`
    select action from audit_events where team_id = ${ann.viewer.teamId} and action = 'team.changed'`;
  expect(events).toHaveLength(2);
});
