import "server-only";
import { subscribe } from "node:diagnostics_channel";
import type { Server } from "node:http";

/** Within this a request has arrived with its whole body, whoever reads it; Node would wait for five minutes. Milliseconds. */
const REQUEST_MS = 60_000;

/** Has Node itself end requests that arrive too slowly with 408, those that Next reads too: it offers no setting for its server. */
export function limitRequestTime(most: number = REQUEST_MS): void {
  subscribe("http.server.request.start", (message) => {
    const { server } = message as { server: Server };
    if (server.requestTimeout <= most && server.requestTimeout > 0) return;
    server.requestTimeout = most;
    // Node takes the greater of the two for the whole request.
    server.headersTimeout = Math.min(server.headersTimeout, most);
  });
}
