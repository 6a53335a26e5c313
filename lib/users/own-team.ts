import "server-only";
import { and, eq } from "drizzle-orm";
import type { Database } from "@/db/client";
import { members } from "@/db/schema/teams";

/** The team that a person owns, in whose audit log their account's events stand; null when they own none. */
export async function ownTeamOf(database: Database, userId: number): Promise<number | null> {
  const [member] = await database
    .select({ teamId: members.teamId })
    .from(members)
    .where(and(eq(members.userId, userId), eq(members.role, "owner")))
    .limit(1);
  return member?.teamId ?? null;
}
