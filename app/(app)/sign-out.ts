"use server";
import { redirect } from "next/navigation";
import { maybePageViewer } from "@/lib/access/page-viewer";
import { clearSessionCookie } from "@/lib/access/session-cookie";
import { endSession } from "@/lib/sessions/sessions";

/** Ends the session of this browser, on the server first. */
export async function signOut(): Promise<void> {
  const viewer = await maybePageViewer();
  if (viewer) await endSession(viewer);
  await clearSessionCookie();
  redirect("/login");
}
