import { randomBytes, randomInt } from "node:crypto";
import { type APIRequestContext, type BrowserContext, expect } from "@playwright/test";

export const VISITOR_PASSWORD = "Correct-Horse-9-Battery";
const OK = { timeout: 15_000 };

/** An address of its own, so that tests do not use up each other's rate limits. */
export const address = (): Record<string, string> => ({
  "X-Forwarded-For": `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`,
});

/** Makes a person and gives the browser their session. Answers the session's token. */
export async function signInSomebody(
  context: BrowserContext,
  request: APIRequestContext,
  email = `${randomBytes(8).toString("hex")}@example.com`,
): Promise<string> {
  const headers = address();
  const person = { email, password: VISITOR_PASSWORD, password_confirm: VISITOR_PASSWORD };
  expect((await request.post("/api/auth/register", { data: person, headers, ...OK })).status()).toBe(201);
  const login = await request.post("/api/auth/login", { data: { email, password: VISITOR_PASSWORD }, headers, ...OK });
  const { access_token: token } = (await login.json()) as { access_token: string };
  await giveSession(context, token);
  return token;
}

/** Makes the browser the bearer of a session. */
export const giveSession = (context: BrowserContext, token: string): Promise<void> =>
  // biome-ignore lint/style/noProcessEnv: the global setup tells the workers so
  context.addCookies([{ name: "session", value: token, url: process.env.E2E_ADDRESS ?? "" }]);

/** Adds the simulated account's management key and waits until its usage has been fetched. */
export async function connectAccount(request: APIRequestContext, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  // biome-ignore lint/style/noProcessEnv: the global setup tells the workers so
  const key = process.env.E2E_MANAGEMENT_KEY;
  expect((await request.post("/api/keys", { data: { name: "Account", key }, headers, ...OK })).status()).toBe(201);
  await expect
    .poll(
      async () => {
        const runs = (await (await request.get("/api/sync", { headers })).json()) as {
          items: { finished_at: string | null }[];
        };
        return runs.items.length > 0 && runs.items.every((run) => run.finished_at !== null);
      },
      { timeout: 45_000 },
    )
    .toBe(true);
}
