import { expect, type Page, test } from "@playwright/test";
import { address, signInSomebody, VISITOR_PASSWORD } from "./visitor";

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "With scripts" : "Without scripts", () => {
    test.use({ javaScriptEnabled });

    test("one session is ended, then all others", async ({ page, context, request }) => {
      const email = `${crypto.randomUUID()}@example.com`;
      await signInSomebody(context, request, email);
      const others = await Promise.all(
        ["Firefox/130.0", "curl/8.9.1", "curl/8.9.1"].map(async (device) => {
          const headers = { ...address(), "User-Agent": `Mozilla/5.0 ${device}` };
          const data = { email, password: VISITOR_PASSWORD };
          return (await (await request.post("/api/auth/login", { data, headers })).json()).access_token as string;
        }),
      );
      const working = async () => {
        const answers = others.map((token) =>
          request.get("/api/profile", { headers: { authorization: `Bearer ${token}` } }),
        );
        return (await Promise.all(answers)).map((answer) => answer.status());
      };
      await page.goto("/profile");
      await expect(endings(page)).toHaveCount(3);
      await page.getByRole("button", { name: /End the session of Firefox/ }).click();
      await expect(endings(page)).toHaveCount(2);
      expect(await working()).toEqual([401, 200, 200]);
      await page.getByRole("button", { name: "End all others" }).click();
      await expect(endings(page)).toHaveCount(0);
      expect(await working()).toEqual([401, 401, 401]);
      await expect(page.getByRole("heading", { level: 1, name: "Profile" })).toBeVisible();
    });
  });

const endings = (page: Page) => page.getByRole("button", { name: /End the session of/ });
