import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import postgres from "postgres";
import { type EmbeddedServer, startServer } from "@/db/embedded/server";
import { CLIENT, type Identity, startIssuer } from "../support/oidc-issuer";
import { type ProductionServer, startProduction, untilReady } from "../support/production-server";

/** The production build beside an OpenID Connect issuer, and a second one on the same database where registration is closed. */
test.describe.configure({ mode: "serial" });

const PASSWORD = "Correct-Horse-9-Battery";
const ANN: Identity = { sub: "ann", email: "Ann@Example.com", email_verified: true, name: "Ann" };

let dataDir: string;
let database: EmbeddedServer;
let sql: postgres.Sql;
let issuer: Awaited<ReturnType<typeof startIssuer>>;
let open: ProductionServer;
let closed: ProductionServer;

test.beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), "monitor-services-"));
  database = await startServer({ dataDir, password: randomBytes(12).toString("hex"), durable: false });
  sql = postgres(database.urlOf("monitor", "postgres"), { max: 1, onnotice: () => {} });
  issuer = await startIssuer();
  const variables = {
    DATABASE_URL: database.urlOf("monitor", "monitor_owner"),
    SECRET_KEY: "a secret that only tests have ever used",
    ENCRYPTION_KEY: "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
    OIDC_ISSUER: issuer.url,
    OIDC_CLIENT_ID: CLIENT.id,
    OIDC_CLIENT_SECRET: CLIENT.secret,
    OIDC_NAME: "Stand-in",
    LOG_LEVEL: "fatal",
    APP_URL: "",
  };
  open = await startProduction(variables);
  closed = await startProduction({ ...variables, REGISTRATION: "closed" });
  await Promise.all([untilReady(open), untilReady(closed)]);
});

test.afterAll(async () => {
  for (const server of [open, closed]) if (server?.process.exitCode === null) server.process.kill("SIGKILL");
  await sql?.end();
  await issuer?.close();
  await database?.stop("immediate");
  await rm(dataDir, { recursive: true, force: true });
});

test.afterEach(() => {
  expect(issuer.state.complaints).toEqual([]);
});

async function signInAs(page: Page, identity: Identity | null, server = open): Promise<void> {
  issuer.state.identity = identity;
  await page.goto(`${addressOf(server)}/login?next=/profile`);
  await page.getByRole("button", { name: "Sign in with Stand-in" }).click();
}

/** Gives the browser the session of somebody who registered with a password. */
async function signInByPassword(context: BrowserContext, email: string): Promise<void> {
  const person = { email, password: PASSWORD };
  await open.call("/api/auth/register", { body: { ...person, password_confirm: PASSWORD } });
  const { body } = await open.call<{ access_token: string }>("/api/auth/login", { body: person });
  await context.addCookies([{ name: "session", value: body.access_token, url: addressOf(open) }]);
}

/** Next takes every address of this machine for `localhost`, which a service does not. */
const addressOf = (server: ProductionServer): string => server.address.replace("127.0.0.1", "localhost");

const people = async () =>
  (await sql<{ email: string }[]>`select email from users order by id`).map((row) => row.email);
const refused = (page: Page) => expect(page.getByText("You cannot come in this way")).toBeVisible();

test("a new person comes in by a verified address, and again as the same", async ({ page }) => {
  for (const _ of [1, 2]) {
    await signInAs(page, ANN);
    await expect(page.getByText("ann@example.com, here since")).toBeVisible();
    await page.context().clearCookies();
  }
  expect(await people()).toEqual(["ann@example.com"]);
  const logins = await sql`select provider, provider_account_id, access_token, id_token from accounts`;
  expect(logins.map((row) => ({ ...row }))).toEqual([
    { provider: "oidc", provider_account_id: "ann", access_token: null, id_token: null },
  ]);
});

test("an address that the issuer has not verified lets nobody in, new or known", async ({ page }) => {
  await open.call("/api/auth/register", {
    body: { email: "bob@example.com", password: PASSWORD, password_confirm: PASSWORD },
  });
  const before = await people();
  for (const identity of [
    { sub: "x1", email: "bob@example.com", email_verified: false },
    { sub: "x2", email: "bob@example.com" },
    { sub: "x3", email: "new@example.com", email_verified: false },
    { sub: "x4" },
  ]) {
    await signInAs(page, identity);
    await refused(page);
  }
  expect(await people()).toEqual(before);
});

test("an equal verified address opens no account that exists: its owner connects it first", async ({ page }) => {
  await signInAs(page, { sub: "bob", email: "BOB@example.com", email_verified: true });
  await expect(page.getByText("There is an account with this e-mail address already")).toBeVisible();
  expect(await sql`select 1 from accounts where provider_account_id = 'bob'`).toHaveLength(0);
});

test("somebody signed in connects the service by their password, signs in by it, and disconnects it", async ({
  page,
}) => {
  await signInByPassword(page.context(), "bob@example.com");
  issuer.state.identity = { sub: "bob", email: "private@example.org", email_verified: false };
  await page.goto(`${addressOf(open)}/profile`);
  const sessionsBefore = await sql`select 1 from sessions where revoked_at is null`;
  await page.getByRole("button", { name: "Connect Stand-in", exact: true }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Password").fill("Wrong-Horse-9-Battery");
  await dialog.getByRole("button", { name: "Connect Stand-in", exact: true }).click();
  await expect(dialog.getByText("The password is not right")).toBeVisible();
  await dialog.getByLabel("Password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Connect Stand-in", exact: true }).click();
  await expect(page.getByText("The service is connected.")).toBeVisible();
  // The session is still the one that it was.
  expect(await sql`select 1 from sessions where revoked_at is null`).toHaveLength(sessionsBefore.length);

  await page.context().clearCookies();
  await signInAs(page, { sub: "bob", email: "private@example.org", email_verified: false });
  await expect(page.getByText("bob@example.com, here since")).toBeVisible();

  await page.getByRole("button", { name: "Disconnect Stand-in", exact: true }).first().click();
  await dialog.getByLabel("Password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Disconnect Stand-in", exact: true }).click();
  await expect(page.getByRole("button", { name: "Connect Stand-in", exact: true }).first()).toBeVisible();
  await page.context().clearCookies();
  await signInAs(page, { sub: "bob", email: "private@example.org", email_verified: false });
  await refused(page);
});

test("an identity that is somebody else's is not connected, nor one that nobody allowed, nor a cancelled one", async ({
  page,
}) => {
  await signInByPassword(page.context(), "bob@example.com");
  const connect = async (identity: Identity | null) => {
    issuer.state.identity = identity;
    await page.goto(`${addressOf(open)}/profile`);
    await page.getByRole("button", { name: "Connect Stand-in", exact: true }).first().click();
    await page.getByRole("dialog").getByLabel("Password").fill(PASSWORD);
    await page.getByRole("dialog").getByRole("button", { name: "Connect Stand-in", exact: true }).click();
  };
  await connect(ANN);
  await expect(page.getByText("belongs to somebody else")).toBeVisible();
  await connect(null);
  await expect(page.getByText("Connecting did not work")).toBeVisible();

  // What a thief of the session could do without its password: begin Auth.js's own way.
  issuer.state.identity = { sub: "thief", email: "thief@example.com", email_verified: true };
  await page.context().clearCookies({ name: "connecting" });
  const { csrfToken } = await (await page.request.get(`${addressOf(open)}/api/auth/csrf`)).json();
  const answer = await page.request.post(`${addressOf(open)}/api/auth/signin/oidc`, {
    form: { csrfToken, callbackUrl: `${addressOf(open)}/profile` },
  });
  expect(answer.url()).toContain("/profile?service=refused");
  expect(await sql`select 1 from accounts where provider_account_id in ('thief', 'bob')`).toHaveLength(0);
});

test("the only way in cannot be disconnected", async ({ page }) => {
  await signInAs(page, ANN);
  await page.getByRole("button", { name: "Disconnect Stand-in", exact: true }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Disconnect Stand-in", exact: true }).click();
  await expect(dialog.getByText("This is your only way to sign in")).toBeVisible();
});

test("where registration is closed only those come in who are known already", async ({ page }) => {
  await signInAs(page, { sub: "new", email: "new@example.com", email_verified: true }, closed);
  await refused(page);
  expect(await people()).toEqual(["ann@example.com", "bob@example.com"]);
  await signInAs(page, ANN, closed);
  await expect(page.getByText("ann@example.com, here since")).toBeVisible();
});

test("a person who was locked out stays out", async ({ page }) => {
  await sql`update users set is_active = false where email = 'ann@example.com'`;
  await signInAs(page, ANN);
  await refused(page);
});
