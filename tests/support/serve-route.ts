import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { NextRequest } from "next/server";

type Answer = (request: NextRequest) => Promise<Response>;

/** The request as Next makes it from Node's: the body is read from the socket only as far as somebody reads on. */
function toRequest(incoming: IncomingMessage): NextRequest {
  // As Next does.
  incoming.headers["x-forwarded-for"] ??= incoming.socket.remoteAddress;
  const { method = "GET", headers, url = "/" } = incoming;
  const hasBody = method !== "GET" && method !== "HEAD";
  return new NextRequest(new URL(url, `http://${headers.host}`), {
    method,
    headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
    ...(hasBody && { body: incoming as unknown as BodyInit, duplex: "half" }),
  });
}

/** Serves a route's handler over real HTTP on a port of its own. */
export async function serveRoute(answer: Answer): Promise<{ origin: string; server: Server; close(): void }> {
  const server = createServer(async (incoming, outgoing) => {
    const response = await answer(toRequest(incoming));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, close };
}
