import { expect, type Locator, type Page, test } from "@playwright/test";
import { address, VISITOR_PASSWORD } from "./visitor";

const MOST_STEPS = 80;

/** Presses Tab until something has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let step = 0; step < MOST_STEPS; step++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never reaches ${target}`);
}

async function type(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.type(text);
}

async function press(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press("Enter");
}

test("the way from registration to figures, a filter and a token takes no mouse", async ({ page }) => {
  test.slow();
  await page.setExtraHTTPHeaders(address());
  await page.goto("/register");
  await type(page, page.getByLabel("E-mail"), `${crypto.randomUUID()}@example.com`);
  await type(page, page.locator('[name="password"]'), VISITOR_PASSWORD);
  await type(page, page.locator('[name="password_confirm"]'), VISITOR_PASSWORD);
  await press(page, page.getByRole("button", { name: "Register" }));

  await expect(page.getByRole("heading", { name: "See what your OpenRouter keys spend" })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await press(page, page.getByRole("link", { name: "Add a key" }));
  await type(page, page.getByLabel("Name", { exact: true }), "My account");
  // biome-ignore lint/style/noProcessEnv: the global setup tells the workers so
  await type(page, page.getByLabel("Key", { exact: true }), process.env.E2E_MANAGEMENT_KEY ?? "");
  await page.keyboard.press("Enter");
  await expect(page.getByText(/Last synced/)).toBeVisible({ timeout: 45_000 });

  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.type("gd");
  await expect(page.locator("dd").first()).toContainText(/\$[1-9]/);
  await press(page, page.getByRole("navigation", { name: "Period" }).getByRole("link", { name: "7 days" }));
  await expect(page).toHaveURL(/period=7d/);
  await press(page, page.getByRole("link", { name: "Period before" }));
  await expect(page).toHaveURL(/compare=previous/);
  await expect(page.getByRole("columnheader", { name: "Change" })).toBeVisible();

  await tabTo(page, page.getByRole("group", { name: /^Chart:/ }));
  await page.keyboard.press("ArrowLeft");
  await expect(page.locator("[aria-live=polite]").filter({ hasText: "$" })).toBeVisible();

  await page.keyboard.type("gk");
  const remove = page.getByRole("button", { name: "Delete My account" });
  await press(page, remove);
  await expect(page.getByRole("dialog", { name: "Delete My account?" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(remove).toBeFocused();

  await page.keyboard.type("gt");
  await expect(page.getByRole("heading", { level: 1, name: "API tokens" })).toBeVisible();
  await type(page, page.getByLabel("Name", { exact: true }), "Grafana");
  await page.keyboard.press("Enter");
  await expect(page.getByText(/^curl .*or_api_\w/).first()).toBeVisible();
  await press(page, page.getByRole("button", { name: "Dismiss this message" }));
  await expect(page.getByText(/^curl .*or_api_\w/)).toHaveCount(0);
});
