import "server-only";
import { and, eq, inArray, sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { apiKeys } from "@/db/schema/keys";
import { teams } from "@/db/schema/teams";
import { breakdownDays } from "@/db/schema/usage";

/** Dimensions that may be personal data: read only where the team switched them on. */
export const OF_PEOPLE = ["country", "external_user"];

/** Deletes what a team has of end users and countries, or has the next sync read as much of it as OpenRouter keeps. */
export async function forgetPeople(tx: Database, teamId: number, isOn: boolean): Promise<void> {
  if (isOn) await tx.update(apiKeys).set({ detailsReadAt: null }).where(eq(apiKeys.teamId, teamId));
  else {
    await tx
      .delete(breakdownDays)
      .where(and(eq(breakdownDays.teamId, teamId), inArray(breakdownDays.dimension, OF_PEOPLE)));
  }
  await tx
    .update(teams)
    .set({ dataVersion: sql`${teams.dataVersion} + 1` })
    .where(eq(teams.id, teamId));
}
