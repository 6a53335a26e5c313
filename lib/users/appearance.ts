import "server-only";
import { sql } from "@/db/client";
import type { Viewer } from "@/lib/auth/viewer";

export type Appearance = { theme?: string; locale?: string };

/** Remembers how a person wants to see the pages, for their other devices too. */
export async function saveAppearance(viewer: Viewer, { theme, locale }: Appearance): Promise<void> {
  await sql()`
    update users set theme = coalesce(${theme ?? null}, theme), locale = coalesce(${locale ?? null}, locale), updated_at = now()
    where id = ${viewer.userId}`;
}
