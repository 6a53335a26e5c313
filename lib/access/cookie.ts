import { env } from "@/lib/base/env";

/** Whether people reach us by HTTPS, as APP_URL says. */
export const isHttps = (): boolean => env().APP_URL?.startsWith("https://") ?? false;

/** The session cookie. `__Host-` makes the browser refuse it unless it is Secure, for this host alone and for every path. */
export const SESSION_COOKIE = (): string => (isHttps() ? "__Host-session" : "session");
