import { expect } from "@playwright/test";
import { Secret, TOTP } from "otpauth";
import type { World } from "@/simulator/world/world";
import { atKey, builtAction, callAction } from "../support/built-actions";
import type { ProductionServer } from "../support/production-server";

export const EMAIL = "zoe@example.com";
/** So long that chance does not spell them. */
const PASSWORDS = {
  wrong: "Planted-Wrong-7-Giraffe",
  first: "Planted-First-8-Zebra",
  second: "Planted-Second-9-Okapi",
};
/** Names that mean no good, by what bears them. */
export const NAMES = {
  key: `<img src=x onerror=alert("key")>`,
  account: `"><script>alert("account")</script>`,
  imported: `=HYPERLINK("http://evil.example";"imported")`,
  model: `<svg/onload=alert("model")>`,
  formula: `@SUM(1+1)*cmd|' /C calc'!A0`,
  provider: `-2+3+cmd|' /C calc'!A0`,
  token: `</textarea><img src=x onerror=alert("token")>`,
  view: `'-alert("view")-'`,
  person: `{{constructor.constructor('alert("person")')()}}<b onmouseover=alert(1)>`,
  connection: `<iframe srcdoc="<script>alert('connection')</script>">`,
};

type Place = { server: ProductionServer; world: World; letters: () => string };

/** The account in the making: a living session and API token, the path of a badge, a key, and whatever must be found nowhere afterwards. */
export type Planted = Place & {
  session: string;
  apiToken: string;
  badge: string;
  keyId: number;
  secrets: Record<string, string>;
};

/** Goes the way of a person through all that shows a name or handles a secret. */
export async function plantAccount(place: Place): Promise<Planted> {
  const planted: Planted = { ...place, session: "", apiToken: "", badge: "", keyId: 0, secrets: { ...PASSWORDS } };
  const { first, wrong } = PASSWORDS;
  await place.server.call("/api/auth/register", { body: { email: EMAIL, password: first, password_confirm: first } });
  await login(planted, wrong);
  planted.session = await login(planted, first);
  await plantReset(planted);
  await plantSecondFactor(planted);
  await plantKeys(planted);
  await plantTokens(planted);
  await plantPerson(planted);
  return planted;
}

async function plantKeys(planted: Planted): Promise<void> {
  const { world, secrets } = planted;
  const first = world.keyNamed("key-0001");
  world.createKey({ name: NAMES.imported });
  const traffic = { at: new Date(Date.now() - 3_600_000), requests: 3, cost: "12.5" };
  const { hash } = world.keyNamed(NAMES.imported);
  world.addTraffic({ ...traffic, keyHash: hash, model: NAMES.model, provider: NAMES.provider });
  world.addTraffic({ ...traffic, keyHash: first.hash, model: NAMES.formula, provider: "OpenAI" });
  const key = { name: NAMES.key, description: NAMES.person, key: first.plaintext };
  planted.keyId = Number((await send(planted, "/api/keys", key)).id);
  const { plaintext } = world.managementKey();
  const account = await send(planted, "/api/keys", { name: NAMES.account, key: plaintext });
  const rejected = `sk-or-v1-${"feed".repeat(16)}`;
  const refused = await call(planted, "/api/keys", { name: "Not accepted", key: rejected });
  expect(refused.status).toBe(400);
  const target = { name: NAMES.connection, management_key_id: account.id };
  const connection = await send(planted, "/api/broadcast/connections", target);
  const headers = { Authorization: `Bearer ${connection.secret}`, "X-Test-Connection": "true" };
  const ingest = `${planted.server.address}/api/ingest/broadcast/${connection.id}`;
  await fetch(ingest, { method: "POST", body: "{}", headers: { ...headers, "Content-Type": "application/json" } });
  Object.assign(secrets, { key: first.plaintext, account: plaintext, rejected, connection: connection.secret });
}

async function plantTokens(planted: Planted): Promise<void> {
  const made = await send(planted, "/api/tokens", { name: NAMES.token });
  const { token = "" } = await send(planted, `/api/tokens/${made.id}/rotate`, {});
  const { path = "" } = await send(planted, "/api/badges", { api_key_id: planted.keyId });
  Object.assign(planted, { apiToken: token, badge: path });
  Object.assign(planted.secrets, { token, formerToken: made.token, badge: found(path, /badge\/(.+)\.svg/) });
}

async function plantPerson(planted: Planted): Promise<void> {
  await send(planted, "/api/profile", { name: NAMES.person }, "PATCH");
  await act(planted, "saveViewAction", { page: "dashboard", name: NAMES.view, query: "?period=7d" });
}

/** First, since it ends whatever else could open the account. */
async function plantReset(planted: Planted): Promise<void> {
  const { server, letters, secrets, session: ended } = planted;
  await act(planted, "requestResetAction", { email: EMAIL });
  await expect.poll(letters).toContain("reset-password?token=");
  const link = found(letters(), /reset-password\?token=([\w-]+)/);
  await fetch(`${server.address}/reset-password?token=${link}`);
  const password = PASSWORDS.second;
  await act(planted, "resetPasswordAction", { token: link, password, password_confirm: password });
  planted.session = await login(planted, password);
  expect(planted.session).toBeTruthy();
  expect((await server.call("/api/profile", { token: ended })).status).toBe(401);
  Object.assign(secrets, { link, ended });
}

async function plantSecondFactor(planted: Planted): Promise<void> {
  const { secrets } = planted;
  const begun = await act(planted, "beginTwoFactorAction", { password: PASSWORDS.second });
  const totp = found(begun, /"secret":"([A-Z2-7]{20,})"/);
  const app = new TOTP({ secret: Secret.fromBase32(totp) });
  const enabled = await act(planted, "enableTwoFactorAction", { code: app.generate() });
  const codes = JSON.parse(found(enabled, /"codes":(\[[^\]]+\])/)) as string[];
  planted.session = await login(planted, PASSWORDS.second, codes[0]);
  expect(planted.session).toBeTruthy();
  Object.assign(secrets, { totp, session: planted.session });
  for (const [index, code] of codes.entries())
    Object.assign(secrets, { [`code ${index}`]: code, [`code ${index} in one`]: code.replaceAll("-", "") });
}

const call = ({ server, session: token }: Planted, route: string, body: object, method = "POST") =>
  server.call<Record<string, string>>(route, { method, body, token });

async function send(planted: Planted, route: string, body: object, method?: string) {
  const answer = await call(planted, route, body, method);
  expect(answer.status, `${route} ${JSON.stringify(answer.body)}`).toBeLessThan(300);
  return answer.body;
}

async function login({ server }: Planted, password: string, code?: string): Promise<string> {
  const body = { email: EMAIL, password, ...(code && { code }) };
  return (await server.call<{ access_token: string }>("/api/auth/login", { body })).body.access_token;
}

/** Sends a form as its page does and answers what came back, as text. */
async function act({ server, session, keyId }: Planted, name: string, fields: Record<string, string>): Promise<string> {
  const headers = { Origin: server.address, cookie: `session=${session}` };
  return (await callAction(server, atKey(builtAction(name), keyId), headers, fields)).text();
}

function found(text: string, pattern: RegExp): string {
  const [, first] = pattern.exec(text) ?? [];
  if (!first) throw new Error(`${pattern} is not in ${text.slice(0, 500)}`);
  return first;
}
