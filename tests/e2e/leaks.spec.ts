import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { expect, type Page, test } from "@playwright/test";
import { startMailServer } from "../support/mail-server";
import { PRIVATE_PAGES } from "../support/private-pages";
import { ENCRYPTION_KEY, type Instance, SECRET_KEY, startInstance, untilSynced } from "../support/production-instance";
import type { ProductionServer } from "../support/production-server";
import { unzipped } from "../support/zip";
import { EMAIL, NAMES, type Planted, plantAccount } from "./planted-account";

/** One account with names that mean no good and secrets that are easy to find; then everything that comes out of it is looked at. */
test.describe.configure({ mode: "serial", timeout: 90_000 });

let instance: Instance;
let server: ProductionServer;
let mail: Awaited<ReturnType<typeof startMailServer>>;
let planted: Planted;

test.beforeAll(async () => {
  mail = await startMailServer();
  instance = await startInstance([{ LOG_LEVEL: "trace", SMTP_URL: mail.url, MAIL_FROM: "monitor@example.com" }], {
    seed: 6,
    days: 1,
    keys: 2,
  });
  [server] = instance.servers as [ProductionServer];
  planted = await plantAccount({ server, world: instance.simulator.world, letters: mail.received });
  await untilSynced(instance);
});

test.afterAll(async () => {
  mail?.close();
  await instance?.close();
});

/** Names that a page must show, as text. */
const SHOWN: Record<string, string[]> = {
  "/dashboard": [NAMES.key, NAMES.model, NAMES.formula, NAMES.view],
  "/keys": [NAMES.key, NAMES.account, NAMES.imported],
  "/keys/[id]": [NAMES.key, NAMES.formula],
  "/stats": [NAMES.imported, NAMES.model, NAMES.formula, NAMES.provider],
  "/tokens": [NAMES.token],
  "/audit": [NAMES.token],
  "/live/setup": [NAMES.connection],
};

async function signedIn(page: Page): Promise<string[]> {
  const happened: string[] = [];
  await page.context().addCookies([{ name: "session", value: planted.session, url: server.address }]);
  page.on("dialog", (dialog) => {
    happened.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (/Content.Security.Policy/i.test(message.text())) happened.push(message.text());
  });
  page.on("pageerror", (error) => happened.push(`an error: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(server.address) && !/^(data|blob):/.test(request.url()))
      happened.push(`a request: ${request.url()}`);
  });
  return happened;
}

test("names that are scripts or formulas are text on every page", async ({ page }) => {
  const happened = await signedIn(page);
  for (const each of PRIVATE_PAGES) {
    await page.goto(server.address + each.replace("[id]", String(planted.keyId)));
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    for (const name of SHOWN[each] ?? [])
      await expect(page.getByText(name).first(), `${name} on ${each}`).toBeAttached();
    const injected =
      "img[src='x'], [onerror], [onload], [onmouseover], iframe, object, embed, base, body script:not([src]):not([nonce])";
    expect(
      await page.locator(injected).evaluateAll((all) => all.map((one) => one.outerHTML.slice(0, 200))),
      each,
    ).toEqual([]);
  }
  await page.goto(`${server.address}/dashboard`);
  await expect(async () => {
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("combobox", { name: "Go to…" })).toBeVisible({ timeout: 1000 });
  }).toPass();
  await expect(page.getByRole("option", { name: NAMES.key }).first()).toBeAttached();
  await page.goto(server.address + planted.badge);
  await expect(page.locator("svg")).toBeAttached();
  await page.goto(
    `${server.address}/dashboard?model=${encodeURIComponent(NAMES.model)}&period=${encodeURIComponent(NAMES.key)}`,
  );
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect(happened).toEqual([]);
});

const asPerson = async (route: string) =>
  fetch(server.address + route, { headers: { cookie: `session=${planted.session}` } });

test("names that are formulas are text in every table that leaves", async () => {
  const csv = await (await asPerson("/stats/export?format=csv")).text();
  for (const name of [NAMES.imported, NAMES.formula, NAMES.provider])
    expect(csv).toContain(`'${name.replaceAll('"', '""')}`);
  expect(csv).not.toMatch(/(^|,)"?[=+@\t\r-](?!\d+(\.\d+)?(,|"|$))/m);
  const workbook = unzipped(Buffer.from(await (await asPerson("/stats/export?format=xlsx")).arrayBuffer()));
  const sheet = workbook["xl/worksheets/sheet1.xml"] ?? "";
  expect(sheet).toContain("=HYPERLINK(");
  expect(sheet).not.toMatch(/<f[ >]|<hyperlink/);
});

test("the audit log is searched by what happened, in words", async ({ page }) => {
  await signedIn(page);
  await page.goto(`${server.address}/audit`);
  await page.getByLabel("What", { exact: true }).selectOption({ label: "API token rotated" });
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(/action=token\.rotated/);
  await expect(page.getByRole("row")).toHaveCount(2);
  await expect(page.getByRole("cell", { name: "API token rotated" })).toBeVisible();
  await page.getByLabel("From").fill("2001-01-01");
  await page.getByLabel("To", { exact: true }).fill("2001-01-02");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page.getByText("Nothing here")).toBeVisible();
});

/** Everything that documented routes answer to whoever may ask. */
async function answers(): Promise<Record<string, string>> {
  const { paths } = (await (await fetch(`${server.address}/openapi.json`)).json()) as {
    paths: Record<string, { get?: object }>;
  };
  const texts: Record<string, string> = {};
  for (const [route, { get }] of Object.entries(paths)) {
    if (!get) continue;
    const isPublicApi = route.startsWith("/api/v1/") || route === "/metrics";
    const period = /usage|stats|timeseries/.test(route) ? "?start_date=2026-01-01&end_date=2026-01-02" : "";
    const headers = { Authorization: `Bearer ${isPublicApi ? planted.apiToken : planted.session}` };
    const address = route.replace("{secret}", `${planted.secrets.badge}.svg`).replace(/\{\w+\}/, String(planted.keyId));
    texts[`GET ${route}`] = await (await fetch(server.address + address + period, { headers })).text();
  }
  return texts;
}

async function dump(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "monitor-dump-"));
  try {
    const file = path.join(folder, "backup.gz");
    await promisify(execFile)(
      process.execPath,
      ["--import", "tsx", "--conditions=react-server", "scripts/backup.ts", file],
      {
        // biome-ignore lint/style/noProcessEnv: the command gets what we have and a little more
        env: { ...process.env, DATABASE_URL: instance.databaseUrl, SECRET_KEY, ENCRYPTION_KEY },
      },
    );
    return gunzipSync(readFileSync(file)).toString("utf8");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("no secret is in the log, in the database, on a page, in an export or in an answer", async () => {
  const texts: Record<string, string> = { "the database": await dump(), ...(await answers()) };
  for (const page of [...PRIVATE_PAGES, "/login", "/docs", "/reset-password?token=none"])
    texts[page] = await (await asPerson(page.replace("[id]", String(planted.keyId)))).text();
  for (const format of ["csv", "json", "ndjson"])
    texts[format] = await (await asPerson(`/stats/export?format=${format}`)).text();
  texts["the log"] = server.written();
  // Each of them is what it is called: what is planted in the open is found.
  for (const where of ["the database", "GET /api/profile", "/profile"]) expect(texts[where]).toContain(EMAIL);
  expect(texts["the log"]).toContain('"path":"/api/tokens"');
  const leaks: string[] = [];
  for (const [what, secret] of Object.entries({ SECRET_KEY, ENCRYPTION_KEY, ...planted.secrets })) {
    expect(secret.length, what).toBeGreaterThan(15);
    const spellings = [
      secret,
      Buffer.from(secret).toString("base64"),
      Buffer.from(secret).toString("hex"),
      encodeURIComponent(secret),
    ];
    for (const [where, text] of Object.entries(texts))
      if (spellings.some((spelling) => text.includes(spelling))) leaks.push(`${what} in ${where}`);
  }
  expect(leaks).toEqual([]);
});
