import { type Browser, chromium, expect, test } from "@playwright/test";
import { packagedBrowser } from "./browser";
import { type FixedAccount, NOW, startFixedAccount } from "./fixed-account";

/**
 * What pages look like, compared with the pictures beside this file; `npx playwright test looks --update-snapshots` takes them anew.
 * Always in the browser that comes with npm, with its own fonts and no graphics card, so that every machine draws the same.
 */
test.describe.configure({ mode: "default", timeout: 90_000 });

const SCREENS = { wide: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };
const LOOKS = [
  ["login", "/login", "wide light", "phone dark"],
  ["dashboard", "/dashboard", "wide light", "phone dark"],
  ["stats", "/stats?limit=10", "wide dark", "phone light"],
  ["keys", "/keys", "wide dark", "phone light"],
  ["key", "/keys/[id]", "wide light"],
  ["tokens", "/tokens", "wide dark", "phone light"],
  ["profile", "/profile", "wide light", "phone dark"],
] as const;

let browser: Browser;
let account: FixedAccount;

test.beforeAll(async () => {
  try {
    const { executablePath, env } = packagedBrowser();
    browser = await chromium.launch({
      executablePath,
      args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
      // biome-ignore lint/style/noProcessEnv: the browser gets our environment and a little more
      env: { ...process.env, ...env } as Record<string, string>,
    });
  } catch (error) {
    test.skip(true, `The browser that comes with npm does not start here: ${String(error).split("\n")[0]}`);
  }
  account = await startFixedAccount();
});

test.afterAll(async () => {
  await browser?.close();
  await account?.instance.close();
});

for (const [name, path, ...looks] of LOOKS) {
  test(`${name} looks as it did`, async () => {
    for (const look of looks) {
      const [screen, colorScheme] = look.split(" ") as [keyof typeof SCREENS, "light" | "dark"];
      const context = await browser.newContext({
        viewport: SCREENS[screen],
        colorScheme,
        reducedMotion: "reduce",
        locale: "en",
        timezoneId: "UTC",
      });
      // A page does without the font that comes too late, and on a busy machine it may: for a picture it is waited for.
      await context.route(/\.css$/, async (route) => {
        const response = await route.fetch();
        const style = await response.text();
        await route.fulfill({ response, body: style.replaceAll("font-display:optional", "font-display:block") });
      });
      const { address } = account.server;
      if (path !== "/login") await context.addCookies([{ name: "session", value: account.session, url: address }]);
      const page = await context.newPage();
      await page.clock.setSystemTime(NOW);
      // Once nothing is loaded any more, the scripts have put in place what only they know.
      await page.goto(address + path.replace("[id]", String(account.keyId)), { waitUntil: "networkidle" });
      await page.evaluate(async () => {
        // A picture of a whole page shows it as it is once somebody has been everywhere on it.
        const sheet = new CSSStyleSheet();
        await sheet.replace("* { content-visibility: visible !important; }");
        document.adoptedStyleSheets.push(sheet);
        await document.fonts.ready;
      });
      await expect.soft(page).toHaveScreenshot(`${name}-${look.replace(" ", "-")}.png`, {
        fullPage: true,
        animations: "disabled",
        caret: "hide",
        timeout: 30_000,
        maxDiffPixelRatio: 0.01,
      });
      await context.close();
    }
  });
}
