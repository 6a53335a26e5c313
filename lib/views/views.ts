import "server-only";
import { and, asc, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { savedViews } from "@/db/schema/teams";
import { lockAndCount } from "@/lib/access/limits";
import { refuseForeign } from "@/lib/access/ownership";
import { withTransaction } from "@/lib/access/transaction";
import type { Viewer } from "@/lib/access/viewer";
import type { SavedView, SaveView } from "./schema";

const MOST_VIEWS = 50;
const view = { id: savedViews.id, page: savedViews.page, name: savedViews.name, query: savedViews.query };
const own = (viewer: Viewer) => and(eq(savedViews.teamId, viewer.teamId), eq(savedViews.userId, viewer.userId));

/** The person's own views of all pages, by name. */
export async function listViews(viewer: Viewer): Promise<SavedView[]> {
  return db().select(view).from(savedViews).where(own(viewer)).orderBy(asc(savedViews.name), asc(savedViews.id));
}

/** Saves a page's filters under a name. 400 when there are fifty already. */
export async function saveView(viewer: Viewer, input: SaveView): Promise<SavedView> {
  return withTransaction(viewer, async ({ tx, record }) => {
    await lockAndCount(tx, {
      owner: { userId: viewer.userId },
      table: savedViews,
      where: own(viewer),
      most: MOST_VIEWS,
      detail: `You can keep at most ${MOST_VIEWS} views; delete one first`,
    });
    const [row] = await tx
      .insert(savedViews)
      .values({ teamId: viewer.teamId, userId: viewer.userId, ...input })
      .returning(view);
    if (!row) throw new Error("PostgreSQL returned no row for a written view");
    await record({ action: "view.saved", objectType: "saved_view", objectId: row.id, detail: { name: row.name } });
    return row;
  });
}

/** Deletes a view. 404, or 403 when it is somebody else's. */
export async function deleteView(viewer: Viewer, { id }: { id: number }): Promise<void> {
  await withTransaction(viewer, async ({ tx, record }) => {
    const [gone] = await tx
      .delete(savedViews)
      .where(and(eq(savedViews.id, id), own(viewer)))
      .returning({ name: savedViews.name });
    if (!gone) return refuseForeign("saved_views", id);
    await record({ action: "view.deleted", objectType: "saved_view", objectId: id, detail: { name: gone.name } });
  });
}
