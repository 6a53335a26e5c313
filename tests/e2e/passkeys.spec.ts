import { randomBytes } from "node:crypto";
import { type CDPSession, expect, type Page, test } from "@playwright/test";
import { expectSound, THEMES } from "./sound";
import { signInSomebody, VISITOR_PASSWORD } from "./visitor";

/** Chromium's own authenticator in software, as a phone or laptop has one built in: it verifies the person by itself. */
async function addAuthenticator(page: Page): Promise<{ client: CDPSession; authenticatorId: string }> {
  const client = await page.context().newCDPSession(page);
  await client.send("WebAuthn.enable");
  const { authenticatorId } = await client.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { client, authenticatorId };
}

/** A person signed in in the browser, with a passkey that they registered on their profile. */
async function registerPasskey(page: Page, email: string): Promise<void> {
  await signInSomebody(page.context(), page.request, email);
  await page.goto("/profile");
  const passkeys = page.getByRole("region", { name: "Passkeys" });
  await expect(passkeys.getByText("No passkeys yet.")).toBeVisible();
  await passkeys.getByLabel("Name of the passkey").fill("Test laptop");
  await passkeys.getByLabel("Password").fill(VISITOR_PASSWORD);
  await passkeys.getByRole("button", { name: "Add a passkey" }).click();
  await expect(passkeys.getByText("The passkey was added.")).toBeVisible();
  await expect(passkeys.getByRole("row", { name: /Test laptop/ })).toContainText("never");
}

async function signOut(page: Page): Promise<void> {
  await page.context().clearCookies();
  await page.goto("/profile");
  await expect(page).toHaveURL(/\/login\?next=%2Fprofile/);
}

/** A browser that suggests no passkeys in fields: this authenticator would take every suggestion at once. */
const withoutAutofill = (page: Page) =>
  page.addInitScript(() => {
    PublicKeyCredential.isConditionalMediationAvailable = async () => false;
  });

const newEmail = () => `${randomBytes(8).toString("hex")}@example.com`;

test("The form for a passkey has its place before the page comes alive, so that nothing below it moves", async ({
  page,
}) => {
  await signInSomebody(page.context(), page.request);
  await page.route("**/*.js", (route) => route.abort());
  await page.goto("/profile");
  await expect(page.getByRole("region", { name: "Passkeys" }).getByLabel("Name of the passkey")).toBeVisible();
});

test("The button for a passkey has its place before the page comes alive, and none where there are no scripts", async ({
  page,
  browser,
}) => {
  const button = { name: "Sign in with a passkey" };
  await page.route("**/*.js", (route) => route.abort());
  await page.goto("/login");
  await expect(page.getByRole("button", button)).toBeVisible();

  const context = await browser.newContext({ javaScriptEnabled: false });
  const withoutScripts = await context.newPage();
  await withoutScripts.goto("/login");
  await expect(withoutScripts.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  await expect(withoutScripts.getByRole("button", button)).toBeHidden();
  await context.close();
});

test("A passkey is registered, signs in alone, and no longer once it was removed", async ({ page }) => {
  await withoutAutofill(page);
  await addAuthenticator(page);
  const email = newEmail();
  await registerPasskey(page, email);
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme });
    await expectSound(page, { where: `a passkey in the ${colorScheme} theme` });
  }

  await signOut(page);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page).toHaveURL(/\/profile$/);
  await expect(page.getByText(`${email}, here since`)).toBeVisible();
  const passkeys = page.getByRole("region", { name: "Passkeys" });
  await expect(passkeys.getByRole("row", { name: /Test laptop/ })).not.toContainText("never");

  await passkeys.getByRole("button", { name: "Rename" }).click();
  const rename = page.getByRole("dialog", { name: "Rename the passkey Test laptop" });
  await rename.getByLabel("Name of the passkey").fill("Work laptop");
  await rename.getByRole("button", { name: "Rename" }).click();
  await expect(passkeys.getByRole("row", { name: /Work laptop/ })).toBeVisible();

  await passkeys.getByRole("button", { name: "Remove" }).click();
  const remove = page.getByRole("dialog", { name: "Remove the passkey Work laptop?" });
  await remove.getByLabel("Password").fill(VISITOR_PASSWORD);
  await remove.getByRole("button", { name: "Remove" }).click();
  await expect(passkeys.getByText("No passkeys yet.")).toBeVisible();

  await signOut(page);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "The passkey was not accepted" })).toBeVisible();
});

test("A passkey is the second factor after the password, and a recovery code takes its place", async ({ page }) => {
  await withoutAutofill(page);
  const { client, authenticatorId } = await addAuthenticator(page);
  const email = newEmail();
  await registerPasskey(page, email);
  const twoFactor = page.getByRole("region", { name: "Two-factor sign-in" });
  await twoFactor.getByText("Ask for a passkey").first().click();
  const form = twoFactor.locator("details", { hasText: "Ask for a passkey" });
  await form.getByLabel("Password").fill(VISITOR_PASSWORD);
  await form.getByRole("button", { name: "Ask for a passkey" }).click();
  await expect(twoFactor.getByText("A passkey is asked for after the password.")).toBeVisible();
  const code = await twoFactor.getByRole("listitem").first().textContent();

  const typePassword = async () => {
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password").fill(VISITOR_PASSWORD);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByText("This account asks for a second factor.")).toBeVisible();
  };
  await signOut(page);
  await typePassword();
  await page.getByRole("button", { name: "Use a passkey instead" }).click();
  await expect(page).toHaveURL(/\/profile$/);

  await client.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId });
  await signOut(page);
  await typePassword();
  await page.getByLabel("Code").fill(code ?? "");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(/\/profile$/);
  await expect(page.getByText("9 recovery codes are left.")).toBeVisible();
});

test("A passkey that was chosen among the suggestions of the e-mail field signs in", async ({ page }) => {
  await addAuthenticator(page);
  const email = newEmail();
  await registerPasskey(page, email);
  await page.context().clearCookies();
  await page.goto("/login?next=/profile");
  await expect(page).toHaveURL(/\/profile$/);
  await expect(page.getByText(`${email}, here since`)).toBeVisible();
});
