import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export type Action = (...given: unknown[]) => Promise<unknown>;

/** For people who are not signed in; a new action belongs here only on purpose. */
export const PUBLIC_ACTIONS = [
  "(auth)/confirm-email/actions.ts confirmEmailChangeAction",
  "(auth)/forgot-password/actions.ts requestResetAction",
  "(auth)/login/actions.ts loginAction",
  "(auth)/login/actions.ts signInWithProviderAction",
  "(auth)/login/passkey-actions.ts askPasskeyAction",
  "(auth)/login/passkey-actions.ts askSecondPasskeyAction",
  "(auth)/login/passkey-actions.ts signInByPasskeyAction",
  "(auth)/register/actions.ts registerAction",
  "(auth)/reset-password/actions.ts resetPasswordAction",
  "appearance.ts setAppearanceAction",
];

/** Every server action there is, found in the sources, by its file under `app/` and its name. */
export async function findServerActions(): Promise<{ name: string; run: Action }[]> {
  const app = path.join(import.meta.dirname, "../../app");
  const files = readdirSync(app, { recursive: true, encoding: "utf8" }).filter(
    (file) => /\.tsx?$/.test(file) && /^"use server"/m.test(readFileSync(path.join(app, file), "utf8")),
  );
  const actions: { name: string; run: Action }[] = [];
  for (const file of files.sort()) {
    const exported = (await import(path.join(app, file))) as Record<string, unknown>;
    for (const [name, run] of Object.entries(exported))
      if (typeof run === "function") actions.push({ name: `${file} ${name}`, run: run as Action });
  }
  return actions;
}
