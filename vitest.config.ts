import path from "node:path";
import { defineConfig } from "vitest/config";

const root = import.meta.dirname;

export default defineConfig({
  resolve: {
    alias: {
      "@": root,
      "server-only": path.join(root, "tests/support/server-only.ts"),
    },
  },
  test: {
    include: ["tests/**/*.test.ts"],
    globalSetup: ["tests/global-setup.ts"],
    setupFiles: ["tests/support/console.ts", "tests/support/database.ts"],
    env: {
      SECRET_KEY: "a secret that only tests have ever used",
      ENCRYPTION_KEY: "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
      LOG_LEVEL: "silent",
    },
    // Its imports of Next's own files have no extension, which Node alone does not resolve.
    server: { deps: { inline: [/next-auth/, /next-intl/] } },
    // Vitest keeps one core free for watching; the machines that run this have two.
    maxWorkers: 2,
    testTimeout: 40_000,
    hookTimeout: 60_000,
    coverage: {
      provider: "v8",
      include: ["lib/**/*.ts", "db/**/*.ts", "inngest/**/*.ts", "app/api/**/*.ts"],
      reporter: ["text-summary", "json-summary", "html"],
      // A failed test must not hide what else is missing.
      reportOnFailure: true,
      thresholds: { lines: 90 },
    },
  },
});
