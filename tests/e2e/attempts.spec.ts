import { randomUUID } from "node:crypto";
import { expect, test } from "@playwright/test";
import { builtAction, callAction } from "../support/built-actions";
import { startDoors } from "../support/doors";
import { withinOneMinute } from "../support/one-minute";
import type { Instance } from "../support/production-instance";
import type { ProductionServer } from "../support/production-server";
import { PASSWORD, signIn } from "../support/sign-in";

/** Attempts at the doors of two servers: both count them together. */
test.describe.configure({ timeout: 90_000 });

const [ANN, BOB] = ["ann@example.com", "bob@example.com"];
let instance: Instance;
let proxied: ProductionServer;
let direct: ProductionServer;

test.beforeAll(async () => {
  ({ instance, proxied, direct } = await startDoors());
  for (const email of [ANN, BOB]) await signIn(proxied, email, "198.51.100.1");
});

test.afterAll(() => instance?.close());

/** The answers to six attempts, at one server and the other in turn. */
function sixTimes<T>(send: (server: ProductionServer, attempt: number) => Promise<T>): Promise<T[]> {
  return withinOneMinute(instance.sql, async () => {
    await instance.sql`delete from rate_limits`;
    const answers: T[] = [];
    for (let attempt = 0; attempt < 6; attempt++)
      answers.push(await send(attempt % 2 === 0 ? proxied : direct, attempt));
    return answers;
  });
}

test("attempts to sign in, to register and to have a password reset are counted over both servers", async () => {
  const post = async (server: ProductionServer, route: string, body: object, from?: string) => {
    const headers = { "Content-Type": "application/json", ...(from && { "X-Forwarded-For": from }) };
    return (await fetch(server.address + route, { method: "POST", headers, body: JSON.stringify(body) })).status;
  };
  const [email, password] = [BOB, "Wrong-Horse-9-Battery"];
  const byEmail = await sixTimes((server, attempt) =>
    post(server, "/api/auth/login", { email, password }, `203.0.113.${attempt}`),
  );
  expect(byEmail).toEqual([401, 401, 401, 401, 401, 429]);
  const byAddress = await sixTimes((server, attempt) =>
    post(server, "/api/auth/login", { email: `nobody-${attempt}@example.com`, password }),
  );
  expect(byAddress).toEqual([401, 401, 401, 401, 401, 429]);
  const registered = await sixTimes((server) => {
    const person = { email: `${randomUUID()}@example.com`, password: PASSWORD, password_confirm: PASSWORD };
    return post(server, "/api/auth/register", person);
  });
  expect(registered).toEqual([201, 201, 201, 201, 201, 429]);
  const reset = builtAction("requestResetAction");
  const asked = await sixTimes(async (server) => {
    const answer = await callAction(server, reset, { Origin: server.address }, { email: ANN });
    return (await answer.text()).includes("Too many attempts");
  });
  expect(asked).toEqual([false, false, false, false, false, true]);
});
