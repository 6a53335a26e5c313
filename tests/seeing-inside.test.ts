import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { trace } from "@opentelemetry/api";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { GET as listKeys } from "@/app/api/keys/route";
import { log } from "@/lib/base/log";
import { redactPath } from "@/lib/base/redact-path";
import { startTelemetry } from "@/lib/base/telemetry";
import { context, createPerson, requestTo } from "./support/world";

describe("the log of requests", () => {
  beforeAll(() => {
    log().level = "info";
  });
  afterAll(() => {
    log().level = "silent";
  });

  test("tells who asked what and how it ended, and no secret", async () => {
    const { viewer, accessToken } = await createPerson();
    const lines = vi.spyOn(log(), "info").mockImplementation(() => {});
    const answer = await listKeys(requestTo("/api/keys?limit=5", { token: accessToken }), context());
    await listKeys(requestTo("/api/keys", { token: "wrong" }), context());
    expect(lines.mock.calls.map(([fields]) => fields)).toEqual([
      {
        requestId: answer.headers.get("x-request-id"),
        method: "GET",
        path: "/api/keys",
        status: 200,
        ms: expect.any(Number),
        userId: viewer.userId,
        teamId: viewer.teamId,
      },
      { requestId: expect.any(String), method: "GET", path: "/api/keys", status: 401, ms: expect.any(Number) },
    ]);
    expect(JSON.stringify(lines.mock.calls)).not.toContain(accessToken);
    lines.mockRestore();
  });
});

test("an address is told without what is secret in it", () => {
  expect(redactPath("/api/keys/7")).toBe("/api/keys/7");
  expect(redactPath("/confirm-email?token=hidden")).toBe("/confirm-email");
  expect(redactPath("/badge/hidden.svg")).toBe("/badge/{secret}");
});

describe("telemetry", () => {
  test("sends spans with our name to the collector before the process ends", async () => {
    const received: { url: string | undefined; text: string }[] = [];
    const collector = createServer(async (request, response) => {
      let text = "";
      for await (const chunk of request) text += chunk;
      received.push({ url: request.url, text });
      response.writeHead(200, { "Content-Type": "application/json" }).end("{}");
    });
    await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
    const end = startTelemetry(`http://127.0.0.1:${(collector.address() as AddressInfo).port}`);
    const attributes = {
      "http.target": "/reset-password?token=hidden-1",
      "http.url": "http://localhost/badge/hidden-2.svg",
    };
    trace.getTracer("tests").startSpan("a request", { attributes }).end();
    await end();
    collector.close();
    expect(received).toHaveLength(1);
    expect(received[0]?.url).toBe("/v1/traces");
    expect(received[0]?.text).toContain("openrouter-monitor");
    expect(received[0]?.text).toContain("a request");
    expect(received[0]?.text).toContain("/reset-password");
    expect(received[0]?.text).not.toContain("hidden");
  });
});
