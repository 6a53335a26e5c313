import { expect, test } from "@playwright/test";

test("a visitor without a session is led to the login page", async ({ page }) => {
  await page.goto("/dashboard");
  await expect(page).toHaveURL(/\/login\?next=/);
});
