import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { mendUrls } from "@/lib/http/well-formed-urls";

it("An address that nobody can decode reaches the server as plain text, any other as it is", async () => {
  mendUrls();
  const server = createServer((request, response) => response.end(request.url)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const ask = (path: string) =>
    new Promise<string>((resolve, reject) => {
      get({ port, path, host: "127.0.0.1" }, (response) => {
        response.once("data", (data: Buffer) => resolve(data.toString()));
      }).once("error", reject);
    });
  expect(await ask("/api/%E0%A4%A?x=%")).toBe("/api/%25E0%25A4%25A?x=%");
  expect(await ask("/api/100%")).toBe("/api/100%25");
  expect(await ask("/api/a%20b?q=%20")).toBe("/api/a%20b?q=%20");
  server.close();
});
