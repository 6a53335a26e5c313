import "server-only";
import { env } from "@/lib/base/env";
import { pageOrigin } from "@/lib/base/origin";
import type { PasskeyPlace } from "./schema";

/**
 * For whom passkeys are made and where they may be used: APP_URL's host and origin. Never taken from the request: a forged Host header must
 * not choose whose signature counts. Without APP_URL it is this machine on PORT; browsers allow passkeys on localhost without HTTPS.
 */
export function relyingParty(): { id: string; name: string; origin: string } {
  const { origin, hostname } = new URL(env().APP_URL ?? `http://localhost:${env().PORT}`);
  return { id: hostname, name: "OpenRouter Monitor", origin };
}

/** Where passkeys can be used, and whether the page that is asked for is there. */
export async function passkeyPlace(): Promise<PasskeyPlace> {
  const { origin } = relyingParty();
  return { origin, isHere: origin === (await pageOrigin()) };
}
