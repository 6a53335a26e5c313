import { expect, test } from "@playwright/test";
import { expectSound, SCREENS, THEMES } from "./sound";
import { connectAccount, giveSession, signInSomebody, VISITOR_PASSWORD } from "./visitor";

const PUBLIC = [
  "/login",
  "/register",
  "/forgot-password",
  "/reset-password?token=1",
  "/confirm-email?token=1",
  "/docs",
];
const PRIVATE = ["/dashboard", "/stats", "/keys", "/tokens", "/profile", "/live", "/live/setup", "/audit", "/nowhere"];

/** Every page in full on both screens, and its colours in the other theme. */
const LOOKS = [
  { screen: "desktop", colorScheme: "light", contrastOnly: false },
  { screen: "desktop", colorScheme: "dark", contrastOnly: true },
  { screen: "phone", colorScheme: "dark", contrastOnly: false },
] as const;

for (const { screen, colorScheme, contrastOnly } of LOOKS) {
  const { defaultBrowserType: _, ...device }: Record<string, unknown> = SCREENS[screen];
  test.describe(`On a ${screen} in the ${colorScheme} theme`, () => {
    test.use({ ...device, colorScheme });

    test("every page is sound", async ({ page, context, request }) => {
      test.slow();
      const expectAllSound = async (paths: string[]) => {
        for (const path of paths) {
          await page.goto(path);
          await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
          await expectSound(page, { where: path, contrastOnly });
        }
      };
      await expectAllSound(PUBLIC);
      await connectAccount(request, await signInSomebody(context, request));
      await expectAllSound(PRIVATE);
      await page.goto("/keys");
      await page.getByRole("link", { name: "Account", exact: true }).click();
      await expect(page.getByText("About this key")).toBeVisible();
      await expectSound(page, { contrastOnly });
      // biome-ignore lint/style/noProcessEnv: the global setup tells the workers so
      await giveSession(context, process.env.E2E_ADMIN_TOKEN ?? "");
      await expectAllSound(["/admin"]);
    });
  });
}

for (const colorScheme of THEMES) {
  test.describe(`Opened in the ${colorScheme} theme`, () => {
    test.use({ colorScheme });

    test("palette, shortcuts, forms, questions and a new token are sound", async ({ page, context, request }) => {
      await connectAccount(request, await signInSomebody(context, request));
      await page.goto("/keys", { waitUntil: "networkidle" });
      await page.getByText("Add an OpenRouter key").click();
      await page.getByRole("button", { name: "Edit Account" }).click();
      await expectSound(page, { where: "the form of a key", at: "dialog[open]" });
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Delete Account" }).click();
      await expectSound(page, { where: "the question", at: "dialog[open]" });
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Go to…" }).first().click();
      await expect(page.getByRole("option").first()).toBeVisible();
      await expectSound(page, { where: "the palette", at: "dialog[open]" });
      await page.keyboard.press("Escape");
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
      await expectSound(page, { where: "the shortcuts", at: "dialog[open]" });
      await page.goto("/stats");
      for (const menu of ["Views", "Columns", "Export"]) {
        await page.getByLabel(menu, { exact: true }).click();
        await expectSound(page, { where: menu, at: "main details[open]" });
      }
      await page.goto("/tokens");
      await page.getByLabel("Name", { exact: true }).fill("Grafana");
      await page.getByRole("button", { name: "Create token" }).click();
      await expect(page.getByText(/^curl .*or_api_\w/).first()).toBeVisible();
      await expectSound(page, { where: "a new token" });
      await page.goto("/profile");
      await page
        .getByRole("region", { name: "Two-factor sign-in" })
        .getByLabel(/password/i)
        .fill(VISITOR_PASSWORD);
      await page.keyboard.press("Enter");
      await expect(page.getByRole("img", { name: /QR|code/i })).toBeVisible();
      await expectSound(page, { where: "the second factor", at: "main" });
    });
  });
}
