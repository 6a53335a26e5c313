import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { type APIRequestContext, expect, test } from "@playwright/test";
import { connectAccount, signInSomebody } from "./visitor";

declare global {
  interface Window {
    formats: string[];
  }
}

/** kB of gzip above an empty page that a page may load before it can be used. */
const ALLOWED = 60;
const CHARTS_ALLOWED = 150;
const PAGES = ["/dashboard", "/stats", "/keys", "/tokens", "/profile"];

/** What Next itself loads on every page, whatever stands on it. */
function emptyPage(): string[] {
  const manifest = JSON.parse(readFileSync(".next/build-manifest.json", "utf8")) as { rootMainFiles: string[] };
  return manifest.rootMainFiles.map((file) => `/_next/${file}`);
}

/** Scripts that a page names, apart from those for browsers without modules. */
function scriptsOf(html: string): string[] {
  const tags = html.match(/<script\b[^>]*\bsrc="[^"]+"[^>]*>/g) ?? [];
  const sources = tags.filter((tag) => !/\bnomodule\b/i.test(tag)).map((tag) => /\bsrc="([^"]+)"/.exec(tag)?.[1] ?? "");
  return [...new Set(sources)];
}

async function weigh(request: APIRequestContext, paths: string[]): Promise<number> {
  const bodies = await Promise.all(paths.map(async (path) => (await request.get(path)).body()));
  return bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0) / 1000;
}

test("no page loads more JavaScript than it may", async ({ context, request }) => {
  await signInSomebody(context, request);
  const scripts = async (path: string) => scriptsOf(await (await context.request.get(path)).text());
  const empty = await weigh(request, emptyPage());
  const table: Record<string, string> = { "an empty page": `${empty.toFixed(1)} kB` };
  for (const path of PAGES) {
    const above = (await weigh(request, await scripts(path))) - empty;
    table[path] = `${above.toFixed(1)} kB above`;
    expect.soft(above, path).toBeLessThanOrEqual(ALLOWED);
  }
  for (const [name, weight] of Object.entries(table)) process.stdout.write(`${name.padEnd(16)} ${weight}\n`);
});

test("no page makes formats in the browser before it is used: the first takes a phone 100 ms", async ({
  page,
  context,
  request,
}) => {
  await connectAccount(request, await signInSomebody(context, request));
  await page.addInitScript(() => {
    // As a page that was kept is opened: minutes after it was made.
    const now = Date.now.bind(Date);
    Date.now = () => now() + 5 * 60_000;
    window.formats = [];
    const watched = (name: string, made: object) =>
      new Proxy(made, {
        construct: (target, given) => {
          window.formats.push(name);
          return Reflect.construct(target as typeof Intl.NumberFormat, given);
        },
      });
    for (const name of ["NumberFormat", "DateTimeFormat", "PluralRules", "RelativeTimeFormat"] as const)
      Object.defineProperty(Intl, name, { value: watched(name, Intl[name]) });
  });
  for (const path of PAGES) {
    await page.goto(path, { waitUntil: "networkidle" });
    expect.soft(await page.evaluate(() => window.formats), path).toEqual([]);
  }
});

test("the charts come late and weigh no more than they may", async ({ page, context, request }) => {
  await connectAccount(request, await signInSomebody(context, request));
  const first = scriptsOf(await (await context.request.get("/dashboard")).text());
  const loaded: string[] = [];
  page.on("request", (sent) => sent.resourceType() === "script" && loaded.push(new URL(sent.url()).pathname));
  await page.goto("/dashboard");
  await page.locator("[data-slice]").first().scrollIntoViewIfNeeded();
  await expect(page.locator(".recharts-pie-sector").first()).toBeAttached();
  const late = [...new Set(loaded)].filter((path) => !first.some((source) => source.startsWith(path)));
  expect(late.length).toBeGreaterThan(0);
  expect(await weigh(request, late)).toBeLessThanOrEqual(CHARTS_ALLOWED);
});
