import { defineConfig, devices } from "@playwright/test";
import { findBrowser } from "./tests/e2e/browser";

const { executablePath, env } = findBrowser();

export default defineConfig({
  testDir: "tests/e2e",
  globalSetup: "./tests/e2e/start-application.ts",
  // Emptied at each start: the reports of the other steps lie beside it.
  outputDir: "test-results/playwright",
  snapshotPathTemplate: "{testDir}/pictures/{arg}{ext}",
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["json", { outputFile: "test-results/report.json" }]],
  use: {
    ...devices["Desktop Chrome"],
    viewport: { width: 1280, height: 800 },
    // biome-ignore lint/style/noProcessEnv: the global setup tells the workers so
    baseURL: process.env.E2E_ADDRESS,
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath,
      // Root may not use Chromium's sandbox; the pages are our own.
      args: ["--no-sandbox", "--disable-dev-shm-usage"],
      // biome-ignore lint/style/noProcessEnv: the browser gets our environment and a little more
      env: { ...process.env, ...env } as Record<string, string>,
    },
  },
});
