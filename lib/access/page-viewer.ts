import "server-only";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { SESSION_COOKIE } from "./cookie";
import { addressOf } from "./ip-address";
import { viewerOfSession } from "./session-viewer";
import type { Viewer } from "./viewer";

/** The viewer of a page or form, or null. Read once per request. */
export const maybePageViewer = cache(async (): Promise<Viewer | null> => {
  const token = (await cookies()).get(SESSION_COOKIE())?.value;
  return token ? viewerOfSession(token, addressOf(await headers())) : null;
});

/** The viewer of a private page; anonymous people are sent to sign in and come back. */
export async function pageViewer(): Promise<Viewer> {
  const viewer = await maybePageViewer();
  if (viewer) return viewer;
  const path = (await headers()).get("x-pathname");
  redirect(path ? `/login?next=${encodeURIComponent(path)}` : "/login");
}
