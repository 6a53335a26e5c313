import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { DemoState } from "./demo-state";
import { LaunchError } from "./launch-error";

type Call = { method?: "GET" | "POST"; body?: unknown; accept?: readonly number[] };

/** Talks to the application over HTTP as any program could: nothing in a demo is put in by a back door. */
function createClient(address: string, signal: AbortSignal) {
  let token = "";
  async function call<T>(route: string, answer: z.ZodType<T>, { method = "GET", body, accept = [] }: Call = {}) {
    const response = await fetch(`${address}${route}`, {
      method,
      signal,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok && accept.includes(response.status)) return undefined;
    if (!response.ok)
      throw new LaunchError(`The demo could not be prepared: ${method} ${route} gave ${response.status} ${text}`);
    return answer.parse(JSON.parse(text));
  }
  return {
    call,
    use: (accessToken: string) => {
      token = accessToken;
    },
  };
}

const Login = z.object({ access_token: z.string() });
const Started = z.object({ run_id: z.number() });
const Run = z.object({ status: z.string(), keys_done: z.number(), rows_written: z.number() });
const Anything = z.unknown();

/** Makes the demo's user with these keys, unless it is there, and waits for a first complete sync. */
export async function visitDemo(
  address: string,
  { email, password }: DemoState,
  keys: readonly { name: string; key: string }[],
  signal: AbortSignal,
): Promise<void> {
  const { call, use } = createClient(address, signal);
  const registered = await call("/api/auth/register", Anything, {
    method: "POST",
    body: { email, password, password_confirm: password },
    accept: [400],
  });
  const login = await call("/api/auth/login", Login, { method: "POST", body: { email, password } });
  use(login?.access_token ?? "");
  if (registered !== undefined) {
    for (const key of keys) await call("/api/keys", Anything, { method: "POST", body: key, accept: [409] });
  }
  const started = await call("/api/sync", Started, { method: "POST", body: {} });
  for (;;) {
    const run = await call(`/api/sync/${started?.run_id}`, Run);
    if (run && run.status !== "queued" && run.status !== "running") return;
    await pause(250, undefined, { signal });
  }
}
