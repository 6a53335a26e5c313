import "server-only";
import { headers } from "next/headers";
import { env } from "./env";

/** Where people reach this instance: APP_URL, or what the browser asked for. No slash at the end. */
export async function pageOrigin(): Promise<string> {
  const configured = env().APP_URL;
  if (configured) return configured;
  const asked = await headers();
  const protocol = asked.get("x-forwarded-proto")?.split(",")[0] ?? "http";
  return `${protocol}://${asked.get("host") ?? `localhost:${env().PORT}`}`;
}
