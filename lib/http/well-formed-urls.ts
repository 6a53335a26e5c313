import "server-only";
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

/** Percent signs that begin no escape, and escapes that are no UTF-8, stand for themselves: Next answers 500 for what it cannot decode. */
export function wellFormed(url: string): string {
  const [path = "", ...query] = url.split("?");
  try {
    decodeURIComponent(path);
    return url;
  } catch {
    return [path.replaceAll("%", "%25"), ...query].join("?");
  }
}

/** Lets no address reach Next that it cannot decode; then it is an unknown route like any other. */
export function mendUrls(): void {
  subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    if (request.url?.includes("%")) request.url = wellFormed(request.url);
  });
}
