import { mkdirSync } from "node:fs";
import { chromium } from "@playwright/test";
import { findBrowser } from "@/tests/e2e/browser";

/**
 * Makes the README's pictures from a running demo: `npm run pictures -- <address> <e-mail> <password>`, as `npm run demo` prints them.
 */
const [address, email, password] = process.argv.slice(2);
if (!address || !email || !password) {
  process.stderr.write("Usage: npm run pictures -- <address> <e-mail> <password>\n");
  process.exit(1);
}

const FOLDER = "docs/pictures";
const SHOTS = [
  { name: "dashboard-light", path: "/dashboard", colorScheme: "light", width: 1440, height: 1000 },
  { name: "dashboard-dark", path: "/dashboard", colorScheme: "dark", width: 1440, height: 1000 },
  { name: "stats-light", path: "/stats?group=model", colorScheme: "light", width: 1440, height: 900 },
  { name: "keys-dark", path: "/keys", colorScheme: "dark", width: 1440, height: 900 },
  { name: "dashboard-phone", path: "/dashboard", colorScheme: "light", width: 390, height: 844 },
] as const;

const { executablePath, env } = findBrowser();
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox"],
  // biome-ignore lint/style/noProcessEnv: the browser gets our environment and a little more
  env: { ...process.env, ...env } as Record<string, string>,
});
try {
  mkdirSync(FOLDER, { recursive: true });
  const login = await browser.newContext();
  const answer = await login.request.post(new URL("/api/auth/login", address).href, { data: { email, password } });
  if (!answer.ok()) throw new Error(`The demo refused to sign in: ${answer.status()}`);
  const { access_token: session } = (await answer.json()) as { access_token: string };
  for (const { name, path, colorScheme, width, height } of SHOTS) {
    const context = await browser.newContext({
      colorScheme,
      viewport: { width, height },
      reducedMotion: "reduce",
      locale: "en",
    });
    await context.addCookies([{ name: "session", value: session, url: address }]);
    const page = await context.newPage();
    await page.goto(new URL(path, address).href, { waitUntil: "networkidle" });
    await page.screenshot({ path: `${FOLDER}/${name}.png` });
    process.stdout.write(`${FOLDER}/${name}.png\n`);
    await context.close();
  }
} finally {
  await browser.close();
}
