import AxeBuilder from "@axe-core/playwright";
import { devices, expect, type Page } from "@playwright/test";

export const SCREENS = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { ...devices["iPhone 13"], defaultBrowserType: undefined, viewport: { width: 390, height: 844 } },
} as const;
export const THEMES = ["light", "dark"] as const;

/** What is off unless it is asked for: WCAG 2.2's size of what is pressed. */
const ALSO = { rules: { "target-size": { enabled: true } } };

type Looked = { where?: string; at?: string; contrastOnly?: boolean };

/** Nothing that axe knows of is wrong, and nothing sticks out sideways. `at`: only a part of the page, as what lies over the rest. */
export async function expectSound(page: Page, { where = page.url(), at, contrastOnly }: Looked = {}): Promise<void> {
  const axe = new AxeBuilder({ page });
  if (at) axe.include(at);
  // A theme changes colours and nothing else.
  if (contrastOnly) axe.withRules(["color-contrast"]);
  else axe.options(ALSO);
  const { violations } = await axe.analyze();
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  expect.soft(told, where).toEqual([]);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect.soft(over, where).toBeLessThanOrEqual(0);
}
