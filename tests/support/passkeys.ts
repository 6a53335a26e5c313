import type { Viewer } from "@/lib/auth/viewer";
import { addPasskey, beginPasskey } from "@/lib/passkeys/register";
import { createAuthenticator } from "./authenticator";
import { PASSWORD } from "./world";

/** Registers a passkey of an authenticator in software, under APP_URL `https://monitor.example.com`. Answers its id. */
export async function plantPasskey(viewer: Viewer, name = "Laptop", authenticator = createAuthenticator()) {
  const options = await beginPasskey(viewer, { password: PASSWORD });
  const { id } = await addPasskey(viewer, { name, response: authenticator.create(options) });
  return id;
}
