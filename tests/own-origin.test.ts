import { NextRequest } from "next/server";
import { afterEach, expect, it, vi } from "vitest";
import { forgetEnv } from "@/lib/base/env";
import { proxy } from "@/proxy";

afterEach(() => {
  vi.unstubAllEnvs();
  forgetEnv();
});

/** What the proxy makes of a form: the page's own address, and what arrives here of the request. */
function taken(origin: string | null, headers: Record<string, string>, appUrl = ""): boolean {
  vi.stubEnv("APP_URL", appUrl);
  forgetEnv();
  const request = new NextRequest("http://127.0.0.1:3000/login", {
    method: "POST",
    headers: { ...headers, ...(origin !== null && { origin }) },
  });
  const { status } = proxy(request);
  expect([200, 403]).toContain(status);
  return status === 200;
}

const HOST = { host: "monitor.example.com" };
const PROXIED = { host: "127.0.0.1:3000", "x-forwarded-host": "monitor.example.com", "x-forwarded-proto": "https" };
const APP = "https://monitor.example.com";

it.each<[string, boolean, string | null, Record<string, string>, string?]>([
  ["our own address, as APP_URL says it", true, APP, HOST, APP],
  ["our own address behind a proxy that says nothing", true, APP, { host: "127.0.0.1:3000" }, APP],
  ["our host without TLS, where APP_URL has it", false, "http://monitor.example.com", HOST, APP],
  ["our host at another port", false, "https://monitor.example.com:8443", HOST, APP],
  ["our host at the port that a proxy leaves away", false, APP, HOST, `${APP}:8443`],
  ["our address, whose port a proxy leaves away", true, `${APP}:8443`, HOST, `${APP}:8443`],
  ["the machine itself, where APP_URL is another name", true, "http://localhost:3000", { host: "localhost:3000" }, APP],
  ["the machine itself with another scheme", false, "https://localhost:3000", { host: "localhost:3000" }, APP],
  ["the host that was asked for", true, "http://monitor.example.com", HOST],
  ["the host that was asked for, with another scheme", false, APP, HOST],
  ["the address that our proxy tells", true, APP, PROXIED],
  ["the address that our proxy tells, without its TLS", false, "http://monitor.example.com", PROXIED],
  ["a host in capitals", true, "http://monitor.example.com", { host: "Monitor.Example.com" }],
  ["another site", false, "https://evil.example", HOST, APP],
  [
    "another site that our proxy is said to be",
    false,
    "https://evil.example",
    { ...HOST, "x-forwarded-host": "evil.example" },
    APP,
  ],
  ["a frame without an origin", false, "null", HOST, APP],
  ["nowhere", false, null, HOST, APP],
])("A form from %s is taken: %s", (_, isTaken, origin, headers, appUrl) => {
  expect(taken(origin, headers, appUrl)).toBe(isTaken);
});
