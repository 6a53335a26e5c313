import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeAll, expect, test } from "vitest";
import { sql } from "@/db/client";
import { standBeforeNext } from "@/lib/http/before-next";
import { markEveryRequest } from "@/lib/http/every-request";
import { answerKeptPage } from "@/lib/http/kept-pages";
import { createPerson } from "./support/world";

/** A server whose pages are numbered in the order in which they are made, each with a nonce of its own, as Next writes them. */
let made = 0;
let server: Server;

async function serve(listener: RequestListener): Promise<(path: string, headers?: object) => Promise<Response>> {
  server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return (path, headers = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers: { ...headers }, redirect: "manual" });
}

const page: RequestListener = (_request, response) => {
  made += 1;
  const nonce = `nonce${made}of`;
  response.setHeader("Content-Security-Policy", `script-src 'nonce-${nonce}'`);
  response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
  response.flushHeaders();
  response.write(Buffer.from(`<script nonce="${nonce}"></script>`));
  response.write(`<p>Größe ${made}</p>`, "utf8", () => {});
  response.end(`<script nonce="${nonce}"></script>`);
};

beforeAll(() => {
  markEveryRequest();
  standBeforeNext([answerKeptPage]);
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

const number = async (response: Promise<Response>) => /Größe (\d+)/.exec(await (await response).text())?.[1];

test("a page is made once for whoever asks at once or later, and anew when something changed", async () => {
  const get = await serve(page);
  const { accessToken, viewer } = await createPerson();
  const cookie = { cookie: `session=${accessToken}` };
  const [one, other] = await Promise.all([number(get("/dashboard", cookie)), number(get("/dashboard", cookie))]);
  expect(one).toBeDefined();
  expect(other).toBe(one);
  for (const encoding of ["identity", "gzip", "br"]) {
    const answer = await get("/dashboard", { ...cookie, "accept-encoding": encoding });
    const text = await answer.clone().text();
    expect(await number(Promise.resolve(answer))).toBe(one);
    expect(answer.headers.get("content-encoding")).toBe(encoding === "identity" ? null : encoding);
    expect(answer.headers.get("x-frame-options")).toBe("DENY");
    const [nonce] = /(?<=nonce=")[^"]+/.exec(text) ?? [];
    expect(nonce).not.toMatch(/^nonce\d/);
    expect(answer.headers.get("content-security-policy")).toBe(`script-src 'nonce-${nonce}'`);
  }
  await sql()`update teams set name = 'Another' where id = ${viewer.teamId}`;
  expect(await number(get("/dashboard", cookie))).not.toBe(one);
});

test("nothing is kept of other pages, of the router's requests, and for strangers", async () => {
  const get = await serve(page);
  const cookie = { cookie: `session=${(await createPerson()).accessToken}` };
  for (const [path, headers] of [
    ["/keys", cookie],
    ["/dashboard", { ...cookie, rsc: "1" }],
    ["/dashboard", { ...cookie, "next-router-prefetch": "1" }],
    ["/dashboard", {}],
    ["/dashboard", { cookie: "session=made-up" }],
    ["/dashboard", { cookie: `${cookie.cookie}; ${cookie.cookie}` }],
  ] as const) {
    const first = await number(get(path, headers));
    expect(await number(get(path, headers)), path).not.toBe(first);
  }
});

test("what is no whole page leaves as it is, each time", async () => {
  let answers = 0;
  const broken = ['<template data-dgst="123"></template>', '<template data-dgst=""></template>'];
  const get = await serve((request, response) => {
    answers += 1;
    response.setHeader("Content-Security-Policy", "script-src 'nonce-abcdef'");
    response.setHeader("Content-Type", "text/html");
    if (request.url?.endsWith("cookie")) response.setHeader("Set-Cookie", "a=b");
    if (request.url?.endsWith("away")) response.statusCode = 307;
    response.end(request.url?.endsWith("failed") ? broken[0] : broken[1]);
  });
  const cookie = { cookie: `session=${(await createPerson()).accessToken}` };
  const timesMade = async (path: string) => {
    answers = 0;
    for (let load = 0; load < 2; load++) await (await get(path, cookie)).text();
    return answers;
  };
  expect(await timesMade("/dashboard?failed")).toBe(2);
  expect(await timesMade("/dashboard?cookie")).toBe(2);
  expect(await timesMade("/dashboard?away")).toBe(2);
  expect(await timesMade("/dashboard?late-part")).toBe(1);
});
