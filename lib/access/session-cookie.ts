import "server-only";
import { cookies } from "next/headers";
import { isHttps, SESSION_COOKIE } from "./cookie";

/** HttpOnly, and all that the `__Host-` prefix asks for under HTTPS. */
export const sessionCookieOptions = () => ({ httpOnly: true, sameSite: "lax", path: "/", secure: isHttps() }) as const;

/** Hands the session token to the browser: until `expires`, or until it is closed. */
export async function setSessionCookie(token: string, expires: Date | null): Promise<void> {
  (await cookies()).set(SESSION_COOKIE(), token, { ...sessionCookieOptions(), ...(expires && { expires }) });
}

/** Takes the token back. The same attributes are sent: a browser ignores a `__Host-` cookie without them, its removal too. */
export async function clearSessionCookie(): Promise<void> {
  (await cookies()).set(SESSION_COOKIE(), "", { ...sessionCookieOptions(), maxAge: 0 });
}
