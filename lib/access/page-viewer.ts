import "server-only";
import { cookies, headers } from "next/headers";
import { forbidden, redirect } from "next/navigation";
import { cache } from "react";
import { AppError } from "@/lib/base/errors";
import { SESSION_COOKIE } from "./cookie";
import { addressOf } from "./ip-address";
import { type Access, can, requirePermission } from "./permissions";
import { viewerOfSession } from "./session-viewer";
import type { Viewer } from "./viewer";

/** The viewer of a page or form, or null. Read once per request. */
export const maybePageViewer = cache(async (): Promise<Viewer | null> => {
  const token = (await cookies()).get(SESSION_COOKIE())?.value;
  return token ? viewerOfSession(token, addressOf(await headers())) : null;
});

/**
 * The viewer of a route that the browser asks with its cookie. 401 when signed out, 403 when the role does not allow
 * it.
 */
export async function requirePageViewer(access: Access): Promise<Viewer> {
  const viewer = await maybePageViewer();
  if (!viewer) throw new AppError("unauthorized", "You are signed out. Please sign in again.");
  requirePermission(viewer, access);
  return viewer;
}

/**
 * The viewer of a private page. Anonymous people are sent to sign in and come back; who may not see the page is told
 * so.
 */
export async function pageViewer(access: Access): Promise<Viewer> {
  const viewer = await maybePageViewer();
  if (viewer && !can(viewer, access)) forbidden();
  if (viewer) return viewer;
  const path = (await headers()).get("x-pathname");
  redirect(path ? `/login?next=${encodeURIComponent(path)}` : "/login");
}
