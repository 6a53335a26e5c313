import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { NextRequest } from "next/server";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { POST as authJs } from "@/app/api/auth/[...nextauth]/route";
import { POST as login } from "@/app/api/auth/login/route";
import { POST as inngest } from "@/app/api/inngest/route";
import { forgetEnv } from "@/lib/base/env";
import { prepareRequests } from "@/lib/http/incoming";
import { proxy } from "@/proxy";
import { serveRoute } from "./support/serve-route";
import { beginBody, letTimePass } from "./support/slow-body";
import { context } from "./support/world";

const FORM = { "content-type": "application/x-www-form-urlencoded" };
const JSON_TYPE = { "content-type": "application/json" };

/** Doors that read a body before they know who sends it, and what each reads at most. */
const DOORS = [
  ["Auth.js's callback", "/api/auth/callback/credentials", FORM, 64 * 1024],
  ["Auth.js's sign-in", "/api/auth/signin/oidc", FORM, 64 * 1024],
  ["our sign-in", "/api/auth/login", JSON_TYPE, 64 * 1024],
  ["Inngest's door", "/api/inngest", JSON_TYPE, 4 * 1024 * 1024],
] as const;

beforeAll(() => {
  vi.stubEnv("APP_URL", "http://monitor.example.com");
  vi.stubEnv("INNGEST_DEV", "http://127.0.0.1:9");
  forgetEnv();
});
afterEach(() => vi.useRealTimers());

const serve = () =>
  serveRoute((request) => {
    const { pathname } = request.nextUrl;
    if (pathname === "/api/inngest") return inngest(request, {});
    return pathname === "/api/auth/login" ? login(request, context()) : authJs(request);
  });

describe("Over HTTP", () => {
  it.each(DOORS)(
    "%s answers 413 to a body without end, and reads hardly more than it allows",
    async (_, path, headers, most) => {
      const { origin, server, close } = await serve();
      let read = 0;
      server.on("connection", (socket) => socket.on("close", () => (read = socket.bytesRead)));
      const closed = new Promise<void>((resolve) =>
        server.once("connection", (socket) => socket.once("close", () => resolve())),
      );
      const { sending, answer } = beginBody(origin + path, Buffer.alloc(1024), headers);
      const piece = Buffer.alloc(256 * 1024, "x");
      let sent = 0;
      const pump = () => {
        while (sent < 150 * 1024 * 1024 && !sending.destroyed) {
          sent += piece.length;
          if (!sending.write(piece)) return sending.once("drain", pump);
        }
        return sending;
      };
      pump();
      expect(await answer).toMatchObject({ status: 413, text: expect.stringContaining(`larger than ${most} bytes`) });
      sending.destroy();
      await closed;
      expect(read).toBeLessThan(most + 2 * 1024 * 1024);
      close();
    },
  );

  it.each(DOORS)(
    "%s answers 413 to a body that is announced as too large, before it comes",
    async (_, path, headers, most) => {
      const { origin, close } = await serve();
      const { sending, answer } = beginBody(origin + path, "x", { ...headers, "content-length": String(most + 1) });
      expect((await answer).status).toBe(413);
      sending.destroy();
      close();
    },
  );

  it.each(DOORS)("%s answers 408 to a body that does not come on", async (_, path, headers) => {
    const { origin, close } = await serve();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
    const { sending, answer } = beginBody(origin + path, "{", headers);
    expect(await letTimePass(answer)).toMatchObject({ status: 408, text: expect.stringContaining("too long") });
    sending.destroy();
    close();
  });

  it("what is read in time and size is answered as ever", async () => {
    const { origin, close } = await serve();
    const body = JSON.stringify({ email: "nobody@example.com", password: "Wrong-Horse-9-Battery" });
    const answer = await fetch(`${origin}/api/auth/login`, { method: "POST", headers: JSON_TYPE, body });
    expect(answer.status).toBe(401);
    const form = await fetch(`${origin}/api/auth/callback/credentials`, {
      method: "POST",
      headers: FORM,
      body: "email=nobody%40example.com",
      redirect: "manual",
    });
    // Without Auth.js's own token against forgery nobody is signed in.
    expect(form.status).toBe(302);
    expect(form.headers.getSetCookie().filter((cookie) => /session=./.test(cookie))).toEqual([]);
    close();
  });
});

it("A form that is announced as too large is refused by the proxy", () => {
  const form = (length: number) =>
    proxy(
      new NextRequest("http://monitor.example.com/login", {
        method: "POST",
        headers: { origin: "http://monitor.example.com", "content-length": String(length) },
      }),
    ).status;
  expect(form(64 * 1024)).toBe(200);
  expect(form(64 * 1024 + 1)).toBe(413);
});

it("Node ends a request that nobody of ours reads when it takes too long to arrive", async () => {
  prepareRequests(50);
  const server = createServer({ connectionsCheckingInterval: 10 }, (request) => request.resume());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { answer } = beginBody(`http://127.0.0.1:${(server.address() as AddressInfo).port}/login`, "x");
  expect((await answer).status).toBe(408);
  server.close();
});
