import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { builtAction, callAction } from "../support/built-actions";
import { startDoors } from "../support/doors";
import type { Instance } from "../support/production-instance";
import type { ProductionServer } from "../support/production-server";
import { beginBody } from "../support/slow-body";

/** What the production build does with bodies that are too large: Auth.js's, Next's and our own doors alike. */
test.describe.configure({ mode: "serial", timeout: 90_000 });

let instance: Instance;
let direct: ProductionServer;

test.beforeAll(async () => {
  ({ instance, direct } = await startDoors());
});

test.afterAll(() => instance?.close());

/** Megabytes that the server's process holds in memory. */
const megabytes = (): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${direct.process.pid}/status`, "utf8"))?.[1]) / 1024;

/** Sends 150 MB, as far as the server takes them. */
async function flood(path: string, headers: Record<string, string>): Promise<{ status: number }> {
  const { sending, answer } = beginBody(direct.address + path, "x", headers);
  const piece = Buffer.alloc(1024 * 1024, "x");
  let left = 150;
  const pump = (): void => {
    while (left > 0 && !sending.destroyed) {
      left -= 1;
      if (!sending.write(piece)) {
        sending.once("drain", pump);
        return;
      }
    }
  };
  pump();
  const answered = await answer;
  sending.destroy();
  return answered;
}

test("150 MB without an announced length take no memory at any door for programs, and are answered with 413", async () => {
  const before = megabytes();
  const form = { "content-type": "application/x-www-form-urlencoded" };
  expect(await flood("/api/auth/callback/credentials", form)).toMatchObject({ status: 413 });
  expect(await flood("/api/auth/signin/github", form)).toMatchObject({ status: 413 });
  expect(await flood("/api/auth/login", { "content-type": "application/json" })).toMatchObject({ status: 413 });
  expect(megabytes() - before).toBeLessThan(100);
});

test("a form of more than 64 kB is refused with 413, and one of the size of any of ours is taken", async () => {
  const login = builtAction("loginAction");
  const headers = { Origin: direct.address };
  const large = { email: "ann@example.com", password: "x".repeat(70_000) };
  expect((await callAction(direct, login, headers, large)).status).toBe(413);
  expect((await callAction(direct, login, headers, { email: "ann@example.com", password: "wrong" })).status).toBe(200);
});
