import { beforeAll, vi } from "vitest";
import type { Viewer } from "@/lib/access/viewer";
import { forgetEnv } from "@/lib/base/env";
import { addPasskey, beginPasskey } from "@/lib/passkeys/register";
import { createAuthenticator, ORIGIN } from "./authenticator";
import { createPerson, PASSWORD } from "./world";

/** Lets the tests of a file run under the address that the authenticators in software know, as passkeys belong to one. */
export function underTheirAddress(): void {
  beforeAll(() => {
    vi.stubEnv("APP_URL", ORIGIN);
    forgetEnv();
  });
}

let addresses = 0;
/** Where somebody signs in from: another address at each call, so that no limit on attempts is met. */
export const device = () => ({ ip: `198.51.100.${addresses++ % 250}`, userAgent: null });

/** Registers a passkey of an authenticator in software. Answers its id. */
export async function plantPasskey(viewer: Viewer, name = "Laptop", authenticator = createAuthenticator()) {
  const options = await beginPasskey(viewer, { password: PASSWORD });
  const { id } = await addPasskey(viewer, { name, response: authenticator.create(options) });
  return id;
}

/** Somebody with a passkey, and the authenticator that holds it. */
export async function withPasskey() {
  const person = await createPerson();
  const authenticator = createAuthenticator();
  return { ...person, authenticator, passkeyId: await plantPasskey(person.viewer, "Laptop", authenticator) };
}
