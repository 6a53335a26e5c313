import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { forgetEnv } from "@/lib/base/env";
import { prepareRequests } from "@/lib/http/incoming";

/** What arrives behind Node's own server, and what it sends of its own accord. */
type Seen = { url: string; headers: IncomingMessage["headers"]; answered: IncomingMessage["headers"] };

let server: Server;

beforeAll(() => prepareRequests());
afterEach(() => {
  vi.unstubAllEnvs();
  forgetEnv();
  server.close();
});

async function ask(
  path: string,
  headers: Record<string, string> = {},
  env: Record<string, string> = {},
): Promise<Seen> {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  forgetEnv();
  server = createServer(({ url, headers }, response) => response.end(JSON.stringify({ url, headers })));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const [answer] = (await once(request({ port, path, headers, agent: false }).end(), "response")) as [IncomingMessage];
  const text = (await answer.toArray()).join("");
  return { ...JSON.parse(text), answered: answer.headers };
}

it.each([
  ["/api/%E0%A4%A?x=%", "/api/%25E0%25A4%25A?x=%"],
  ["/api/100%", "/api/100%25"],
  ["/api/a%20b?q=%20", "/api/a%20b?q=%20"],
])("An address that nobody can decode arrives as plain text, any other as it is: %s", async (path, arrived) => {
  expect((await ask(path)).url).toBe(arrived);
});

const TOLD = { "x-forwarded-for": "198.51.100.7", "x-forwarded-host": "evil.example", "x-forwarded-proto": "https" };

it("Forwarding headers arrive only from a proxy that is trusted", async () => {
  expect((await ask("/", { ...TOLD, forwarded: "host=evil.example", "x-forwarded-port": "1" })).headers).toEqual({
    connection: "close",
    host: expect.any(String),
  });
  server.close();
  expect((await ask("/", TOLD, { TRUST_PROXY: "1" })).headers).toMatchObject(TOLD);
});

it("Browsers are held to HTTPS where APP_URL has it, and nowhere else", async () => {
  const header = "strict-transport-security";
  expect((await ask("/", {}, { APP_URL: "https://monitor.example.com" })).answered[header]).toContain(
    "max-age=63072000",
  );
  server.close();
  expect((await ask("/", TOLD, { APP_URL: "http://monitor.example.com" })).answered[header]).toBeUndefined();
});
