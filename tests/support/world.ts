import { randomUUID } from "node:crypto";
import { hash } from "@node-rs/bcrypt";
import { requireSession } from "@/lib/access/require-session";
import type { Viewer } from "@/lib/access/viewer";
import { startSession } from "@/lib/sign-in/login";
import { createAccount } from "@/lib/users/create-account";

export const PASSWORD = "Correct-Horse-9-Battery";

export type Person = { viewer: Viewer; email: string; password: string; accessToken: string };

/** A person with a team of their own, signed in as a program. The password is hashed cheaply: tests make many people. */
export async function createPerson({
  email = `${randomUUID()}@example.com`,
  password = PASSWORD,
} = {}): Promise<Person> {
  const passwordHash = await hash(password, { cost: 4 });
  const { user, teamId } = await createAccount({ email, passwordHash, ip: null });
  const device = { ip: "127.0.0.1", userAgent: "tests" };
  const { token } = await startSession({ userId: user.id, teamId }, device, { kind: "api", hours: 24, by: "password" });
  return { viewer: await viewerOf(token), email, password, accessToken: token };
}

/** The viewer that a session token stands for, found as the routes find it. */
export const viewerOf = (token: string): Promise<Viewer> =>
  requireSession(new Request("http://localhost/", { headers: { authorization: `Bearer ${token}` } }));

type Sent = { method?: string; body?: unknown; token?: string | undefined; headers?: Record<string, string> };

/** A request as a program sends it, for calling a route's handler. */
export function requestTo(path: string, { method, body, token, headers = {} }: Sent = {}): Request {
  return new Request(new URL(path, "http://localhost"), {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** What Next hands to a route beside the request. */
export const context = (params: Record<string, string> = {}) => ({ params: Promise.resolve(params) });
