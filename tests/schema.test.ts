import { is } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import { expect, test } from "vitest";
import * as keys from "@/db/schema/keys";
import * as sync from "@/db/schema/sync";
import * as teams from "@/db/schema/teams";
import * as tokens from "@/db/schema/tokens";
import * as usage from "@/db/schema/usage";
import * as users from "@/db/schema/users";

const tables = [keys, sync, teams, tokens, usage, users]
  .flatMap((module) => Object.values(module))
  .filter((value) => is(value, PgTable))
  .map((table) => getTableConfig(table as PgTable));

test("whatever belongs to a team goes with it, but for the audit log", () => {
  const owned = tables.filter((table) => table.columns.some((column) => column.name === "team_id"));
  const going = owned.filter((table) =>
    table.foreignKeys.some(
      (key) => getTableConfig(key.reference().foreignTable).name === "teams" && key.onDelete === "cascade",
    ),
  );
  expect(owned.length).toBeGreaterThan(8);
  expect(owned.filter((table) => !going.includes(table)).map((table) => table.name)).toEqual(["audit_events"]);
});
