import { expect, test } from "@playwright/test";
import { signInSomebody } from "./visitor";

const PHONE = { width: 390, height: 844 };

test.beforeEach(async ({ context, request }) => {
  await signInSomebody(context, request);
});

test("On a wide screen the navigation stands open, on a narrow one it unfolds and goes away again", async ({
  page,
}) => {
  await page.goto("/tokens");
  const pages = page.getByRole("navigation", { name: "Pages" });
  const open = page.getByRole("button", { name: "Open the navigation" });
  await expect(pages).toBeVisible();
  await expect(open).toBeHidden();

  await page.setViewportSize(PHONE);
  await expect(pages).toBeHidden();
  await open.click();
  await expect(pages).toBeInViewport({ ratio: 1 });
  await page.keyboard.press("Escape");
  await expect(pages).toBeHidden();
  await expect(open).toBeFocused();
  await open.click();
  await page.getByRole("heading", { level: 1 }).click({ force: true, position: { x: 5, y: 5 } });
  await expect(pages).toBeHidden();
  await open.click();
  await pages.getByRole("link", { name: "Statistics" }).click();
  await expect(page).toHaveURL(/\/stats$/);
  await expect(pages).toBeHidden();
});

test("The account menu unfolds within the screen, wide or narrow", async ({ page }) => {
  for (const screen of [{ width: 1280, height: 900 }, PHONE]) {
    await page.setViewportSize(screen);
    await page.goto("/tokens");
    await page.locator("header summary").click();
    for (const name of ["Profile", "Audit log"])
      await expect(page.locator("header details").getByRole("link", { name })).toBeInViewport({ ratio: 1 });
    await expect(page.getByRole("button", { name: "Sign out" })).toBeInViewport({ ratio: 1 });
  }
});

test("On a phone the palette opens by a press", async ({ page }) => {
  await page.setViewportSize(PHONE);
  await page.goto("/tokens");
  await expect(async () => {
    await page.getByRole("button", { name: "Go to…" }).click({ timeout: 1000 });
    await expect(page.getByRole("dialog")).toBeVisible({ timeout: 1000 });
  }).toPass();
});

test.describe("Without scripts", () => {
  test.use({ javaScriptEnabled: false, viewport: PHONE });

  test("a phone's navigation leads to every page", async ({ page }) => {
    await page.goto("/tokens");
    await page.getByRole("button", { name: "Open the navigation" }).click();
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Profile" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Profile" })).toBeVisible();
  });
});
