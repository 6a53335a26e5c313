import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { standBeforeNext } from "@/lib/http/before-next";
import { serveStaticFiles } from "@/lib/http/static-files";

const SCRIPT = "first();";
let dir: string;
let server: Server;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "static-files-"));
  await mkdir(path.join(dir, "chunks"));
  for (const name of ["chunks/one.js", "chunks/bare.js", "letters.woff2"])
    await writeFile(path.join(dir, name), SCRIPT);
  await writeFile(path.join(dir, "chunks/one.js.br"), brotliCompressSync(SCRIPT));
  await writeFile(path.join(dir, "chunks/one.js.gz"), gzipSync(SCRIPT));
  standBeforeNext([serveStaticFiles(path.join(dir, "absent")), serveStaticFiles(dir)]);
  server = createServer((_request, response) => response.end("Next's")).listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(dir, { recursive: true });
});

const get = (address: string, headers: Record<string, string> = {}, method = "GET") =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${address}`, { method, headers });

test("a script leaves as it was packed, in the better of what the browser takes", async () => {
  for (const [accepted, encoding] of [
    ["gzip, deflate, br", "br"],
    ["gzip, br;q=0", "gzip"],
    ["gzip", "gzip"],
  ] as const) {
    const answer = await get("/_next/static/chunks/one.js", { "accept-encoding": accepted });
    expect(answer.headers.get("content-encoding")).toBe(encoding);
    expect(await answer.text()).toBe(SCRIPT);
    expect(answer.headers.get("content-type")).toBe("application/javascript; charset=UTF-8");
    expect(answer.headers.get("cache-control")).toContain("immutable");
    expect(answer.headers.get("vary")).toBe("Accept-Encoding");
  }
  const head = await get("/_next/static/chunks/one.js", { "accept-encoding": "br" }, "HEAD");
  expect(head.headers.get("content-length")).toBe(String(brotliCompressSync(SCRIPT).length));
});

test("a file that went away after the start is served all the same, and a range that makes no sense is none", async () => {
  await rm(path.join(dir, "chunks/one.js.br"));
  const answer = await get("/_next/static/chunks/one.js", { "accept-encoding": "br", range: "bytes=5-1" });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe(SCRIPT);
});

test("all else is Next's", async () => {
  const taking = { "accept-encoding": "br" };
  for (const answer of [
    get("/_next/static/chunks/one.js", { "accept-encoding": "identity" }),
    get("/_next/static/chunks/one.js", taking, "POST"),
    get("/_next/static/chunks/one.js.br", taking),
    get("/_next/static/chunks/bare.js", taking),
    get("/_next/static/letters.woff2", taking),
    get("/_next/static/chunks/../../secrets", taking),
    get("/dashboard", taking),
  ])
    expect(await (await answer).text()).toBe("Next's");
  // As no client writes it, but a raw connection may.
  const raw = request({
    port: (server.address() as AddressInfo).port,
    path: "/_next/static/../one.js",
    headers: taking,
  }).end();
  const [answer] = await once(raw, "response");
  expect((await answer.toArray()).join("")).toBe("Next's");
});
