"use server";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { SESSION_COOKIE } from "@/lib/auth/cookie";

/** Ends the session of this browser. */
export async function signOut(): Promise<void> {
  (await cookies()).delete(SESSION_COOKIE());
  redirect("/login");
}
