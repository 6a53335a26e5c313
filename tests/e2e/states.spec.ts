import { expect, test } from "@playwright/test";
import { connectAccount, signInSomebody } from "./visitor";

test.beforeEach(async ({ context, request }) => {
  await connectAccount(request, await signInSomebody(context, request));
});

test("says that the connection is gone, keeps what was loaded, and reads anew when it is back", async ({
  page,
  context,
}) => {
  await page.goto("/keys");
  await expect(page.getByRole("button", { name: "Go to…" }).first()).toBeVisible();
  await context.setOffline(true);
  await expect(page.getByText("You are offline")).toBeVisible();
  await expect(page.getByRole("link", { name: "Account", exact: true })).toBeVisible();
  const reading = page.waitForRequest(/_rsc=/);
  await context.setOffline(false);
  await reading;
  await expect(page.getByText("You are offline")).toBeHidden();
});

test("a page that cannot be made says so, and trying again shows it", async ({ page }) => {
  await page.goto("/keys");
  // As the server tells of a page that threw: one part of the answer is an error.
  await page.route(/\/stats\?.*_rsc=/, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(/^([0-9a-f]+):\[.*"stats":\{"title".*$/m, '$1:E{"digest":"12345"}');
    await route.fulfill({ response, body });
  });
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Statistics" }).click();
  await expect(page.getByRole("heading", { name: "This page could not be shown" })).toBeVisible();
  await page.unrouteAll();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Statistics" })).toBeVisible();
});

test("the dashboard stands when its charts' late chunk does not come", async ({ page }) => {
  let refused = 0;
  await page.route(/\/_next\/static\/chunks\/.*\.js/, async (route) => {
    const response = await route.fetch();
    if (!(await response.text()).includes("recharts-pie")) return route.fulfill({ response });
    refused++;
    return route.abort();
  });
  await page.goto("/dashboard");
  const slice = page.locator("[data-slice]").first();
  await slice.scrollIntoViewIfNeeded();
  await expect.poll(() => refused).toBeGreaterThan(0);
  await expect(page.getByRole("list", { name: "Share per model" }).getByRole("listitem").first()).toBeVisible();
  // What is still being fetched belongs to the document that is left now.
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await slice.click({ position: { x: 5, y: 5 } });
  await expect(page).toHaveURL(/model=/);
  await page.getByRole("navigation", { name: "Period" }).getByRole("link", { name: "7 days" }).click();
  await expect(page).toHaveURL(/period=7d/);
  await expect(page.getByRole("heading", { level: 1, name: "Dashboard" })).toBeVisible();
});

test("a menu that was opened before the scripts came stays open when they do", async ({ page }) => {
  let letScriptsCome = () => {};
  const opened = new Promise<void>((resolve) => {
    letScriptsCome = resolve;
  });
  await page.route(/\/_next\/static\/chunks\/.*\.js/, async (route) => {
    await opened;
    await route.continue();
  });
  await page.goto("/stats", { waitUntil: "commit" });
  await page.getByLabel("Export", { exact: true }).click();
  letScriptsCome();
  // Escape closes it by script alone: only then the scripts are at work.
  await page.waitForLoadState("networkidle");
  await expect(page.getByRole("link", { name: "Export as XLSX" })).toBeVisible();
  await page.getByLabel("Export", { exact: true }).press("Escape");
  await expect(page.getByRole("link", { name: "Export as XLSX" })).toBeHidden();
});

test.describe("For those who want no motion", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("nothing turns, pulses or slides", async ({ page }) => {
    await page.goto("/keys");
    await page.getByRole("button", { name: "Sync now" }).click();
    const turning = page.locator('[aria-busy="true"] .animate-spin');
    await expect(turning).toHaveCSS("animation-duration", "0.001s");
    await expect(turning).toHaveCSS("animation-iteration-count", "1");
    await expect(page.getByRole("progressbar").locator("div").first()).toHaveCSS("transition-duration", "0.001s");
  });
});
