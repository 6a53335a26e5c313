import { expect, it } from "vitest";
import { sql } from "@/db/client";
import type { Viewer } from "@/lib/access/viewer";
import { createBadge, revokeBadge } from "@/lib/badges/badges";
import { createConnection } from "@/lib/broadcast/connections";
import { CreateToken } from "@/lib/tokens/schema";
import { createToken } from "@/lib/tokens/tokens";
import { saveView } from "@/lib/views/views";
import { asSuperuser } from "./support/database";
import { createPerson } from "./support/world";

const THINGS: [string, number, (viewer: Viewer) => Promise<unknown>][] = [
  ["badges", 50, (viewer) => createBadge(viewer, {})],
  ["connections", 50, (viewer) => createConnection(viewer, { name: "Live" }, "https://monitor.example.com")],
  ["views", 50, (viewer) => saveView(viewer, { page: "stats", name: "All", query: "?" })],
  ["API tokens", 5, (viewer) => createToken(viewer, CreateToken.parse({ name: "Grafana" }))],
];

it.each(THINGS)("of %s there are at most %i, however many are asked for at once", async (_, most, make) => {
  const { viewer } = await createPerson();
  const answers = await Promise.allSettled(Array.from({ length: most + 10 }, () => make(viewer)));
  expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(most);
  for (const answer of answers)
    if (answer.status === "rejected") expect(answer.reason).toMatchObject({ code: "bad_request" });
  await expect(make((await createPerson()).viewer)).resolves.toBeDefined();
});

it("A badge that was withdrawn makes room for another", async () => {
  const { viewer } = await createPerson();
  const made = await Promise.all(Array.from({ length: 50 }, () => createBadge(viewer, {})));
  await expect(createBadge(viewer, {})).rejects.toMatchObject({ code: "bad_request" });
  await revokeBadge(viewer, { id: made[0]?.id ?? 0 });
  await createBadge(viewer, {});
});

it("What makes spend or figures reachable leaves its line in the log, or is not made at all", async () => {
  const { viewer } = await createPerson();
  const events = () => sql()<{ action: string }[]>`
    select action from audit_events where team_id = ${viewer.teamId} and object_type in ('badge', 'api_token') order by id`;
  const badge = await createBadge(viewer, {});
  await revokeBadge(viewer, badge);
  await revokeBadge(viewer, badge);
  await createToken(viewer, CreateToken.parse({ name: "Grafana" }));
  expect((await events()).map(({ action }) => action)).toEqual(["badge.created", "badge.deleted", "token.created"]);
  await asSuperuser((superuser) =>
    superuser.unsafe(`alter table audit_events add constraint no_more check (team_id <> ${viewer.teamId}) not valid`),
  );
  await expect(createBadge(viewer, {})).rejects.toThrow();
  await expect(createToken(viewer, CreateToken.parse({ name: "Loki" }))).rejects.toThrow();
  await asSuperuser((superuser) => superuser`alter table audit_events drop constraint no_more`);
  const [left] = await sql()`select (select count(*) from badges where team_id = ${viewer.teamId}) as badges,
    (select count(*) from api_tokens where team_id = ${viewer.teamId}) as tokens`;
  expect(left).toEqual({ badges: 1, tokens: 1 });
});
