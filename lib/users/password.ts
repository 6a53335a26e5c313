import "server-only";
import { hash, verify } from "@node-rs/bcrypt";
import { AppError } from "@/lib/base/errors";
import { brokenRule, MAX_PASSWORD_BYTES } from "./password-rules";

const COST = 12;

/** The hash of a random text nobody knows, of the same cost: an unknown e-mail takes as long as a wrong password. */
const DUMMY_HASH = "$2b$12$EQWNtsixadWzXS4OzCIAeuZ/8kYND5TdbuiCYxMNJFX0IG.yN15ri";

/** bcrypt, 12 rounds. */
export const hashPassword = (password: string): Promise<string> => hash(password, { cost: COST });

/** Whether a password is the one of a stored hash; takes the same time when there is none, or it is too long to be one. */
export async function isPassword(password: string, stored: string | null | undefined): Promise<boolean> {
  const possible = Buffer.byteLength(password) <= MAX_PASSWORD_BYTES && !password.includes("\0");
  const same = await verify(possible ? password : "", stored ?? DUMMY_HASH);
  return possible && Boolean(stored) && same;
}

/** Refuses a new password that breaks a rule (422 naming the field). */
export function requireGoodPassword(password: string, email: string, field = "password"): void {
  const broken = brokenRule(password, email);
  if (broken) throw new AppError("unprocessable", `The password ${broken}`, { errors: [{ field, message: broken }] });
}
