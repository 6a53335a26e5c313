import "server-only";
import { env } from "@/lib/base/env";

/**
 * The address of a page of ours, for mails. Never taken from the request: a forged Host header would send the link's secret to a
 * stranger. Without APP_URL it is this machine on PORT.
 */
export function pageAddress(path: string, query: Record<string, string>): string {
  const url = new URL(path, env().APP_URL ?? `http://localhost:${env().PORT}`);
  url.search = new URLSearchParams(query).toString();
  return url.toString();
}
