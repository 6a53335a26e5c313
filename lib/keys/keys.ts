import "server-only";
import { sql } from "@/db/client";
import type { Viewer } from "@/lib/auth/viewer";
import { AppError } from "@/lib/errors";
import { type Page, pageOf } from "@/lib/http/page";
import { refuseForeign } from "./ownership";
import type { KeyView } from "./schema";
import { findKey, findKeys } from "./view";

/** The team's keys, newest first. */
export async function listKeys(viewer: Viewer, { page, limit }: Page) {
  const [count] = await sql()<
    { total: number }[]
  >`select count(*)::int as total from api_keys where team_id = ${viewer.teamId}`;
  const total = count?.total ?? 0;
  const items = await findKeys(viewer.teamId, limit, (page - 1) * limit);
  return pageOf(items, { page, limit }, total);
}

/** One key. 404, or 403 when it is another team's. */
export async function getKey(viewer: Viewer, { id }: { id: number }): Promise<KeyView> {
  return (await findKey(viewer.teamId, id)) ?? refuseForeign("api_keys", id);
}

export type KeyChange = {
  id: number;
  name?: string | undefined;
  description?: string | null | undefined;
  is_active?: boolean | undefined;
};

/** Changes name, description or whether the key is watched; what is absent stays. */
export async function updateKey(viewer: Viewer, change: KeyChange): Promise<KeyView> {
  mayChange(viewer);
  const { id, name = null, is_active: isActive = null } = change;
  const rows = await sql()`
    with changed as (
      update api_keys set name = coalesce(${name}, name), is_active = coalesce(${isActive}, is_active), updated_at = now(),
        description = case when ${change.description !== undefined} then ${change.description ?? null} else description end
      where id = ${id} and team_id = ${viewer.teamId} returning id
    ), told as (
      update teams set data_version = data_version + 1 where id = ${viewer.teamId} and exists (select 1 from changed)
    ) select id from changed`;
  return rows.length > 0 ? getKey(viewer, { id }) : refuseForeign("api_keys", id);
}

/** Deletes a key and its usage; with a management key go the keys that were imported through it. */
export async function deleteKey(viewer: Viewer, { id }: { id: number }): Promise<void> {
  mayChange(viewer);
  const rows = await sql()`
    with gone as (
      delete from api_keys where id = ${id} and team_id = ${viewer.teamId} returning id
    ), told as (
      update teams set data_version = data_version + 1 where id = ${viewer.teamId} and exists (select 1 from gone)
    ) select id from gone`;
  if (rows.length === 0) await refuseForeign("api_keys", id);
}

/** Members of the role `viewer` look and change nothing. */
export function mayChange(viewer: Viewer): void {
  if (viewer.role === "viewer") throw new AppError("forbidden", "Your role lets you look at this team, not change it");
}
