import { expect, test } from "@playwright/test";
import { unzipped } from "../support/zip";
import { expectSound, SCREENS, THEMES } from "./sound";
import { connectAccount, signInSomebody } from "./visitor";

for (const [screen, { defaultBrowserType: _, ...device }] of Object.entries<Record<string, unknown>>(SCREENS)) {
  for (const colorScheme of THEMES) {
    test.describe(`On a ${screen} in the ${colorScheme} theme`, () => {
      test.use({ ...device, colorScheme });

      test("a new person is led from the empty page to the first figures", async ({ page, context, request }) => {
        await signInSomebody(context, request);
        await page.goto("/dashboard");
        await expect(page.getByRole("heading", { name: "See what your OpenRouter keys spend" })).toBeVisible();
        await expectSound(page);
        await page.getByRole("link", { name: "Add a key" }).click();
        await page.getByLabel("Name", { exact: true }).fill("My account");
        // biome-ignore lint/style/noProcessEnv: the global setup tells the workers so
        await page.getByLabel("Key", { exact: true }).fill(process.env.E2E_MANAGEMENT_KEY ?? "");
        await page.getByRole("button", { name: "Add key" }).click();
        await expect(
          page
            .getByText("The key was added")
            .or(page.getByRole("link", { name: "My account" }))
            .first(),
        ).toBeVisible();
        await expect(page.getByText(/Last synced/)).toBeVisible({ timeout: 45_000 });
        await page.goto("/dashboard");
        await expect(page.getByText("Total cost")).toBeVisible();
        await expect(page.locator("dd").first()).toContainText(/\$[1-9]/);
      });
    });
  }
}

test.describe("A person with figures", () => {
  test.beforeEach(async ({ context, request }) => {
    await connectAccount(request, await signInSomebody(context, request));
  });

  test("filters by a press on a model, finds the filter in the address, and comes back", async ({ page }) => {
    await page.goto("/dashboard");
    await page.getByRole("list", { name: "Share per model" }).getByRole("link").first().click();
    await expect(page).toHaveURL(/model=/);
    await expect(page.getByRole("link", { name: "Clear filters" })).toBeVisible();
    await page.goBack();
    await expect(page).not.toHaveURL(/model=/);
  });

  test("groups, sorts and exports exactly what is selected", async ({ page }) => {
    await page.goto("/stats");
    await page.getByRole("navigation", { name: "Group by" }).getByRole("link", { name: "Model" }).click();
    await expect(page).toHaveURL(/group=model/);
    const rows = await page.locator("tbody tr").count();
    expect(rows).toBeGreaterThan(1);
    await page.getByLabel("Export", { exact: true }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Export as NDJSON" }).click();
    const file = await (await download).createReadStream();
    const lines = (await file.setEncoding("utf8").toArray()).join("").trim().split("\n");
    expect(lines).toHaveLength(rows);
    await expect(page.getByText(`${rows} rows were saved as NDJSON.`)).toBeVisible();
  });

  test("exports a workbook of the selection", async ({ page }) => {
    await page.goto("/stats?group=model");
    await page.getByLabel("Export", { exact: true }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Export as XLSX" }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^usage_.*\.xlsx$/);
    const bytes = Buffer.concat(await (await file.createReadStream()).toArray());
    const sheet = unzipped(bytes)["xl/worksheets/sheet1.xml"] ?? "";
    expect(sheet.match(/<row /g)).toHaveLength(1 + (await page.locator("tbody tr").count()));
  });

  test("exports CSV that Excel opens on a double click", async ({ page }) => {
    await page.goto("/stats?group=model");
    await page.getByLabel("Export", { exact: true }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Export as CSV for Excel" }).click();
    const bytes = Buffer.concat(await (await (await download).createReadStream()).toArray());
    expect(bytes.toString("utf8")).toMatch(/^\ufeffmodel,requests,tokens_input,tokens_output,tokens_total,cost\r\n/);
  });

  test("filters everything by a press on a provider", async ({ page }) => {
    await page.goto("/dashboard");
    await expect(page.getByText("Keys", { exact: true }).first()).toBeVisible();
    const total = await page.locator("dd").first().textContent();
    await page.getByRole("list", { name: "Share per provider" }).getByRole("link").first().click();
    await expect(page).toHaveURL(/provider=/);
    await expect(page.locator("dd").first()).not.toHaveText(total ?? "");
    await expect(page.getByRole("list", { name: "Share per provider" }).getByRole("listitem")).toHaveCount(1);
  });

  test("creates a token whose curl line works, and revokes it", async ({ page, playwright, baseURL }) => {
    await page.goto("/tokens");
    await page.getByLabel("Name", { exact: true }).fill("Grafana");
    await page.getByRole("button", { name: "Create token" }).click();
    const line =
      (await page
        .getByText(/^curl .*or_api_\w/)
        .first()
        .textContent()) ?? "";
    const [, token, url] = /Bearer (\S+)" "([^"]+)"/.exec(line) ?? [];
    expect(url).toContain(baseURL);
    const program = await playwright.request.newContext({ extraHTTPHeaders: { authorization: `Bearer ${token}` } });
    expect((await program.get(url ?? "")).status()).toBe(200);
    await page.getByRole("button", { name: "Revoke Grafana" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await expect(page.getByText("Revoked or expired")).toBeVisible();
    expect((await program.get(url ?? "")).status()).toBe(401);
    await program.dispose();
  });

  test("syncs with visible progress", async ({ page }) => {
    await page.goto("/keys");
    await page.getByRole("button", { name: "Sync now" }).click();
    await expect(page.getByRole("progressbar", { name: "Progress of the sync" })).toBeVisible();
    await expect(page.getByText(/^Up to date/)).toBeVisible({ timeout: 45_000 });
  });

  test("finds a key by a part of its name, sorts the keys, and keeps both in the address", async ({ page }) => {
    await page.goto("/keys");
    const table = page.getByRole("table", { name: "API keys" });
    await table.getByRole("link", { name: "Spend" }).click();
    await expect(page).toHaveURL(/sort=-spend_month/);
    await expect(table.getByRole("columnheader", { name: "Spend" })).toHaveAttribute("aria-sort", "descending");
    const search = page.getByRole("searchbox", { name: "Find a key" });
    await search.fill("account");
    await search.press("Enter");
    await expect(page).toHaveURL(/sort=-spend_month&q=account/);
    await expect(table.getByRole("link", { name: "Account" })).toBeVisible();
    await expect(page.getByText("1 row", { exact: true })).toBeVisible();
    await page.getByRole("combobox", { name: "Status" }).selectOption("Not watched");
    await expect(page.getByText("No key like that")).toBeVisible();
    await page.reload();
    await expect(search).toHaveValue("account");
    await page.getByRole("link", { name: "Show all keys" }).click();
    await expect(table.getByRole("row").nth(2)).toBeVisible();
  });

  test("deletes a key only after typing its name", async ({ page }) => {
    await page.goto("/keys", { waitUntil: "networkidle" });
    await page.getByRole("button", { name: "Delete Account" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete Account?" });
    const confirm = dialog.getByRole("button", { name: "Delete with its history" });
    await expect(confirm).toBeDisabled();
    await dialog.getByLabel(/to confirm/).fill("Account");
    await confirm.click();
    await expect(page.getByText("No keys yet")).toBeVisible();
  });

  test("goes anywhere by keyboard", async ({ page }) => {
    await page.goto("/dashboard");
    await expect(page.getByText("Go to…").first()).toBeVisible();
    await expect(async () => {
      await page.keyboard.press("Control+k");
      await expect(page.getByRole("combobox", { name: "Go to…" })).toBeVisible({ timeout: 1000 });
    }).toPass();
    await page.getByRole("combobox", { name: "Go to…" }).fill("API tok");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/tokens$/);
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  });

  test("keeps filters under a name", async ({ page }) => {
    await page.goto("/dashboard?period=7d&by=key");
    await page.getByLabel("Views", { exact: true }).click();
    await page.getByLabel("Name of the view").fill("This week");
    await page.getByRole("button", { name: "Keep this view" }).click();
    await expect(page.getByRole("link", { name: "This week" })).toHaveAttribute("href", "/dashboard?period=7d&by=key");
  });
});

test.describe("Without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the figures stand on the page, and theme and language can be chosen", async ({ page, context, request }) => {
    await connectAccount(request, await signInSomebody(context, request));
    await page.goto("/dashboard");
    await expect(page.locator("dd").first()).toContainText(/\$[1-9]/);
    await page.getByRole("button", { name: "Italiano" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Panoramica" })).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("lang", "it");
  });

  test("a key is renamed, and deleted, on its own page, to which the buttons of the table lead", async ({
    page,
    context,
    request,
  }) => {
    await connectAccount(request, await signInSomebody(context, request));
    await page.goto("/keys");
    await page.getByRole("button", { name: "Edit Account" }).click();
    await expect(page).toHaveURL(/\/keys\/\d+/);
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill("Household");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Household" })).toBeVisible();
    await page.getByRole("link", { name: "All keys" }).click();
    await page.getByRole("button", { name: "Delete Household" }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    const confirm = page.getByRole("button", { name: "Delete with its history" });
    await page.getByLabel(/to confirm/).fill("House");
    await confirm.click();
    await expect(confirm).toBeVisible();
    await page.getByLabel(/to confirm/).fill("Household");
    await confirm.click();
    await expect(page.getByText("No keys yet")).toBeVisible();
  });

  test("a token can be created", async ({ page, context, request }) => {
    await signInSomebody(context, request);
    await page.goto("/tokens");
    await page.getByLabel("Name", { exact: true }).fill("cron");
    await page.getByRole("button", { name: "Create token" }).click();
    await expect(page.getByText(/^curl .*or_api_\w/).first()).toBeVisible();
  });
});

test.describe("In Italian", () => {
  test.use({ locale: "it-IT", timezoneId: "Europe/Rome" });

  test("a person registers, is refused in Italian, and keeps language and timezone", async ({ page }) => {
    const email = `${crypto.randomUUID()}@example.com`;
    await page.setExtraHTTPHeaders({ "X-Forwarded-For": "10.99.0.1" });
    await page.goto("/register");
    await page.getByLabel("E-mail").fill(email);
    await page.locator('[name="password"]').fill("Correct-Horse-9-Battery");
    await page.locator('[name="password_confirm"]').fill("Correct-Horse-9-Battery");
    await page.locator('form:has([name="password"]) button[type="submit"]').click();
    await expect(page).toHaveURL(/\/dashboard/);
    await page.goto("/profile");
    await expect(page.getByLabel("Lingua")).toHaveValue("it");
    await expect(page.locator('select[name="timezone"], input[name="timezone"]')).toHaveValue("Europe/Rome");
    await page.goto("/keys");
    await page.locator('[name="name"]').first().fill("Chiave");
    await page.locator('[name="key"]').fill("sk-wrong");
    await page.getByRole("button", { name: "Aggiungi chiave" }).click();
    await expect(page.getByText("Una chiave di OpenRouter inizia con sk-or-").first()).toBeVisible();
  });
});
