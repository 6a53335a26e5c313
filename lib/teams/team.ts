import "server-only";
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { teams } from "@/db/schema/teams";
import { withTransaction } from "@/lib/access/transaction";
import type { Viewer } from "@/lib/access/viewer";
import { AppError } from "@/lib/base/errors";
import { forgetPeople } from "@/lib/usage/write/forget-people";

const view = { id: teams.id, name: teams.name, reads_people: teams.readsPeople };

/** The viewer's team. */
export async function getTeam(viewer: Viewer) {
  const [team] = await db().select(view).from(teams).where(eq(teams.id, viewer.teamId));
  if (!team) throw new AppError("not_found", "The account is gone");
  return team;
}

/**
 * Switches the reading of end users and countries on or off. On: they are read with the next sync, as far back as OpenRouter keeps them. Off: what was read
 * of them is deleted.
 */
export async function updateTeam(viewer: Viewer, { reads_people: readsPeople }: { reads_people: boolean }) {
  return withTransaction(viewer, async ({ tx, record }) => {
    const [team] = await tx.update(teams).set({ readsPeople }).where(eq(teams.id, viewer.teamId)).returning(view);
    if (!team) throw new AppError("not_found", "The account is gone");
    await forgetPeople(tx, viewer.teamId, readsPeople);
    await record({
      action: "team.changed",
      objectType: "team",
      objectId: viewer.teamId,
      detail: { reads_people: readsPeople },
    });
    return team;
  });
}
