import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll } from "vitest";
import { forgetEnv } from "@/lib/base/env";

export type Asked = { path: string; query: URLSearchParams; secret: string };
type Answer = { status?: number; body: unknown };

/** An OpenRouter that answers whatever a test wants, where the simulator would not. The product is pointed at it; `asked` is what it was asked. */
export function tinyOpenRouter() {
  const asked: Asked[] = [];
  let answer: (asked: Asked) => Answer = () => ({ status: 404, body: {} });
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const secret = (request.headers.authorization ?? "").replace(/^Bearer /, "");
    const question = { path: url.pathname, query: url.searchParams, secret };
    asked.push(question);
    const { status = 200, body } = answer(question);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    // biome-ignore lint/style/noProcessEnv: this is where the tests' environment is made
    process.env.OPENROUTER_API_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    forgetEnv();
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    asked,
    answers(next: (asked: Asked) => Answer): void {
      asked.splice(0);
      answer = next;
    },
  };
}
