import { expect, type Page, test } from "@playwright/test";
import { connectAccount, signInSomebody } from "./visitor";

test.beforeEach(async ({ context, request }) => {
  await connectAccount(request, await signInSomebody(context, request));
});

/** Opens a page, waits until it has come alive, and marks its document: a new document has no mark. */
async function openMarked(page: Page, address: string): Promise<void> {
  await page.goto(address);
  // The palette opens once the scripts run.
  await expect(async () => {
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible({ timeout: 1000 });
  }).toPass();
  await page.keyboard.press("Escape");
  await page.evaluate(() => Object.assign(window, { isMarked: true }));
}

const isSameDocument = (page: Page) => page.evaluate(() => "isMarked" in window);
const scrolled = (page: Page) => page.evaluate(() => window.scrollY);

test("Links, filters and choices load no document anew, and say when an answer takes long", async ({ page }) => {
  await openMarked(page, "/dashboard");
  await page.getByRole("combobox", { name: "Provider" }).selectOption({ index: 1 });
  await expect(page).toHaveURL(/provider=/);
  // What was left blank is not in the address.
  expect(page.url()).not.toContain("model=");
  await page.getByRole("navigation", { name: "Period" }).getByRole("link", { name: "7 days" }).click();
  await expect(page).toHaveURL(/provider=.*period=7d/);

  await page.route("**/stats*", async (route) => {
    await new Promise((done) => setTimeout(done, 1500));
    await route.continue();
  });
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Statistics" }).click();
  const pending = page.locator("[data-pending]");
  await expect(pending).toHaveAttribute("data-pending", "page");
  await expect(pending).toHaveRole("status");
  await expect(page.locator("[data-sketch]")).toBeVisible();
  await expect(page).toHaveURL(/\/stats$/);
  await expect(pending).toHaveCount(0);
  await expect(page.locator("[data-sketch]")).toBeHidden();
  expect(await isSameDocument(page)).toBe(true);
  await page.goBack();
  await expect(page).toHaveURL(/provider=.*period=7d/);
  expect(await isSameDocument(page)).toBe(true);
});

test("Another order leaves the page where it was scrolled to, the next page of a list begins at its top", async ({
  page,
}) => {
  await page.setViewportSize({ width: 1280, height: 500 });
  await openMarked(page, "/stats?limit=10");
  const head = page.getByRole("columnheader", { name: "Cost" }).getByRole("link");
  await head.scrollIntoViewIfNeeded();
  await page.evaluate(() => window.scrollTo(0, 200));
  await head.click();
  await expect(page).toHaveURL(/sort=-cost/);
  expect(await scrolled(page)).toBe(200);
  await page.getByRole("link", { name: "Next" }).click();
  await expect(page).toHaveURL(/page=2/);
  await expect.poll(() => scrolled(page)).toBe(0);
  expect(await isSameDocument(page)).toBe(true);
});

test("What the browser should open by itself is left to it", async ({ page, context }) => {
  await openMarked(page, "/dashboard");
  const opened = context.waitForEvent("page");
  await page
    .getByRole("navigation", { name: "Pages" })
    .getByRole("link", { name: "API keys" })
    .click({ modifiers: ["ControlOrMeta"] });
  await expect(await opened).toHaveURL(/\/keys$/);
  await expect(page).toHaveURL(/\/dashboard$/);

  const document = page.waitForResponse((response) => response.url().endsWith("/openapi.json"));
  await page.goto("/docs", { waitUntil: "networkidle" });
  await page.getByRole("link", { name: "OpenAPI document" }).click();
  expect((await document).request().isNavigationRequest()).toBe(true);
});

test("A filter says that its answer takes long, and the page stays", async ({ page }) => {
  await openMarked(page, "/dashboard");
  await page.route("**/dashboard?*provider=*", async (route) => {
    await new Promise((done) => setTimeout(done, 1500));
    await route.continue();
  });
  await page.getByRole("combobox", { name: "Provider" }).selectOption({ index: 1 });
  await expect(page.locator("[data-pending]")).toHaveAttribute("data-pending", "view");
  await expect(page.locator("[data-sketch]")).toBeHidden();
  await expect(page).toHaveURL(/provider=/);
  await expect(page.locator("[data-pending]")).toHaveCount(0);
  expect(await isSameDocument(page)).toBe(true);
});

test("A page of the navigation is fetched once it is pointed at, and not before", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.headers().rsc) asked.push(new URL(request.url()).pathname);
  });
  await page.goto("/dashboard", { waitUntil: "networkidle" });
  expect(asked).toEqual([]);
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "API keys" }).hover();
  await expect.poll(() => asked).toContain("/keys");
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "API tokens" }).focus();
  await expect.poll(() => asked).toContain("/tokens");
});

test("The menu of a narrow screen closes with the press that leads on", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await openMarked(page, "/dashboard");
  const menu = page.getByRole("navigation", { name: "Pages", exact: true });
  await page.locator("[popovertarget=navigation]").click();
  await expect(menu).toBeVisible();
  await menu.getByRole("link", { name: "Statistics" }).click();
  await expect(page).toHaveURL(/\/stats$/);
  await expect(menu).toBeHidden();
  expect(await isSameDocument(page)).toBe(true);
});

test.describe("Without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("links, filters and the choices in them work", async ({ page }) => {
    await page.goto("/dashboard");
    await page.getByRole("combobox", { name: "Provider" }).selectOption({ index: 1 });
    await page
      .locator("form", { has: page.getByRole("combobox", { name: "Provider" }) })
      .getByRole("button")
      .click();
    await expect(page).toHaveURL(/provider=[^&]+/);
    await page.getByRole("navigation", { name: "Period" }).getByRole("link", { name: "7 days" }).click();
    await expect(page).toHaveURL(/provider=[^&]+.*period=7d/);
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Statistics" }).click();
    await expect(page).toHaveURL(/\/stats$/);
  });
});
