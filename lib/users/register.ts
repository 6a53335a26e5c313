import "server-only";
import { isKnownTimezone } from "@/db/timezone";
import type { Device } from "@/lib/sessions/sessions";
import { limitAttempts } from "./attempts";
import { createAccount, isRegistrationOpen, registrationClosed } from "./create-account";
import { hashPassword, requireGoodPassword } from "./password";

/** Registers a person by e-mail and password. Errors: 400 for an e-mail that is taken, 403 where registration is closed, 429. */
export async function register(
  device: Device,
  { email, password }: { email: string; password: string },
  appearance: { locale?: string; timezone?: string } = {},
) {
  await limitAttempts({ purpose: "register", ip: device.ip, email });
  if (!(await isRegistrationOpen())) throw registrationClosed();
  requireGoodPassword(password, email);
  const { timezone, ...looks } = appearance;
  const { user } = await createAccount({
    ...looks,
    ...(timezone && (await isKnownTimezone(timezone)) && { timezone }),
    email,
    passwordHash: await hashPassword(password),
    ip: device.ip,
  });
  return { id: user.id, email: user.email, created_at: user.createdAt.toISOString() };
}
