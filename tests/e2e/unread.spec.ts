import { expect, test } from "@playwright/test";
import { freePort } from "@/db/embedded/free-port";
import { type Instance, startInstance, untilSynced } from "../support/production-instance";
import type { ProductionServer } from "../support/production-server";
import { signIn } from "../support/sign-in";

/** A key that was added while OpenRouter could not be reached: nothing is known of it, and nothing is not zero. */
let instance: Instance;
let server: ProductionServer;
let session: string;
let keyId: number;

test.beforeAll(async () => {
  instance = await startInstance([{ OPENROUTER_API_URL: `http://127.0.0.1:${await freePort()}/api/v1` }], {
    days: 1,
    keys: 1,
  });
  [server] = instance.servers as [ProductionServer];
  session = await signIn(server, "zoe@example.com");
  const body = { name: "Web", key: instance.simulator.world.keyNamed("key-0001").plaintext };
  const added = await server.call<{ id: number; status: string }>("/api/keys", { body, token: session });
  expect(added).toMatchObject({ status: 201, body: { spend_today: null, spend_month: null, last_synced_at: null } });
  keyId = added.body.id;
  await untilSynced(instance);
});

test.afterAll(() => instance?.close());

test.beforeEach(({ context }) => context.addCookies([{ name: "session", value: session, url: server.address }]));

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
])
  test(`shows dashes where nothing was read, ${viewport.width} pixels wide`, async ({ page }) => {
    await page.setViewportSize(viewport);
    const main = page.getByRole("main");

    await page.goto(`${server.address}/keys`);
    await expect(main.getByText("– this month").filter({ visible: true })).toHaveCount(1);
    await expect(main.getByRole("table")).not.toContainText(/\$0|no limit|never|Inference/i);

    await page.goto(`${server.address}/dashboard`);
    await expect(main.getByText("No figures yet")).toBeVisible();
    await expect(main.getByText("could not read your keys: OpenRouter cannot be reached")).toBeVisible();
    for (const card of ["Total cost", "Total requests", "Tokens", "Cost per day", "Requests per day"])
      await expect(main.locator("dl > div").filter({ has: page.getByText(card, { exact: true }) })).toHaveText(
        `${card}–`,
      );
    await expect(main.getByText("Nothing has been read of this period")).toBeVisible();
    await expect(main.getByText("Not read at the last sync (1)")).toBeVisible();
    await expect(main).not.toContainText(/\$0|in good order/);

    await expect(main.getByText("No figures in this period")).toHaveCount(5);

    await page.goto(`${server.address}/stats`);
    await expect(main.getByText("Nothing has been read yet")).toBeVisible();

    await page.goto(`${server.address}/keys/${keyId}`);
    await expect(main.getByText("Nothing has been read of this key yet")).toBeVisible();
    await expect(main).not.toContainText(/\$0|no limit/i);
    await expect(main.getByRole("definition").filter({ hasText: /^–$/ })).toHaveCount(4);
  });
