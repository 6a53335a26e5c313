import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { connectAccount, signInSomebody } from "./visitor";

/** The share of the screen that moves under the reader's eyes, as browsers count it; 0.1 passes for good. */
const ALLOWED = 0.02;
const WIDTHS = [390, 1280];
const PRIVATE = [
  "/dashboard",
  "/dashboard?compare=previous&by=key",
  "/stats",
  "/keys",
  "/tokens",
  "/profile",
  "/live",
  "/live/setup",
  "/audit",
  "/docs",
];
const PUBLIC = ["/login", "/register", "/forgot-password", "/reset-password?token=1"];

declare global {
  interface Window {
    moved: number;
  }
}

const watchMoves = (context: BrowserContext) =>
  context.addInitScript(() => {
    window.moved = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
        if (!entry.hadRecentInput) window.moved += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });

/** The last thing to come, once it is looked at: Tremor's chunk. */
async function expectRing(page: Page): Promise<void> {
  await page.locator("[data-slice]").first().scrollIntoViewIfNeeded();
  await expect(page.locator(".recharts-pie-sector").first()).toBeAttached();
}

/** What has moved once fonts and late scripts are there. */
async function moved(page: Page): Promise<number> {
  return page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((idle) => requestIdleCallback(idle));
    await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
    return window.moved;
  });
}

async function expectStill(page: Page, paths: string[]): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 844 });
    for (const path of paths) {
      await page.goto(path);
      if (path.startsWith("/dashboard")) await expectRing(page);
      expect.soft(await moved(page), `${path} at ${width} px`).toBeLessThanOrEqual(ALLOWED);
    }
  }
}

test("no page moves while it loads", async ({ page, context, request }) => {
  test.slow();
  await watchMoves(context);
  await expectStill(page, PUBLIC);
  await connectAccount(request, await signInSomebody(context, request));
  await expectStill(page, PRIVATE);
});

test("while an answer is on its way nothing moves: a filter pales what is there, another page is sketched", async ({
  page,
  context,
  request,
}) => {
  await watchMoves(context);
  await connectAccount(request, await signInSomebody(context, request));
  await page.goto("/dashboard");
  await expectRing(page);
  // What is asked for after the release, as once the page that was fetched ahead is there, is not held any more.
  let isHolding = true;
  const held: (() => void)[] = [];
  await page.route(/_rsc=/, async (route) => {
    if (isHolding) await new Promise<void>((release) => held.push(release));
    await route.continue();
  });
  const expectStillAndRelease = async () => {
    expect(await moved(page)).toBeLessThanOrEqual(ALLOWED);
    isHolding = false;
    for (const go of held.splice(0)) go();
  };
  /** The answer may be another page's length: what it moves is told a little after it came. */
  const beginAnew = async () => {
    await expect(page.locator("main")).toHaveCSS("opacity", "1");
    await moved(page);
    await page.evaluate(() => {
      window.moved = 0;
    });
    isHolding = true;
  };

  await page.getByRole("navigation", { name: "Period" }).getByRole("link", { name: "7 days" }).click();
  await expect(page.locator("main")).toHaveCSS("opacity", "0.6");
  await expectStillAndRelease();
  await expect(page).toHaveURL(/period=7d/);
  await beginAnew();

  await page.getByRole("combobox", { name: "API key" }).selectOption({ index: 1 });
  await expect(page.locator("main")).toHaveCSS("opacity", "0.6");
  await expectStillAndRelease();
  await expect(page).toHaveURL(/key=\d/);
  await beginAnew();

  const sketch = page.locator("[data-sketch]");
  await expect(sketch).toBeHidden();
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "API tokens" }).click();
  await expect(sketch).toBeVisible();
  await expectStillAndRelease();
  await expect(page.getByRole("heading", { level: 1, name: "API tokens" })).toBeVisible();
  await expect(sketch).toBeHidden();
});
