import { z } from "zod";
import { Assertion, AssertionText } from "@/lib/passkeys/webauthn";
import { Code, Credentials } from "@/lib/users/schema";

/** What people and programs send to sign in; safe for the browser. */

export const Login = z.strictObject({ ...Credentials.shape, code: Code.optional(), passkey: Assertion.optional() });
export const LoginForm = z.strictObject({
  ...Login.shape,
  passkey: AssertionText.optional(),
  remember: z.literal("on").optional(),
  next: z.string().max(2048).optional(),
});

/** Nothing, to sign in by a passkey alone; e-mail and password, to use one as the second factor. */
export const AskPasskey = Credentials.partial().refine(
  ({ email, password }) => (email === undefined) === (password === undefined),
  { path: ["password"], message: "must come with the e-mail, and the e-mail with it" },
);
export const PasskeyLogin = z.strictObject({ response: Assertion });
export const PasskeyLoginForm = z.strictObject({
  response: AssertionText,
  remember: z.literal("on").optional(),
  next: z.string().max(2048).optional(),
});

/** What programs get for signing in; `expires_in` in seconds. */
export const ProgramToken = z.object({
  access_token: z.string(),
  token_type: z.literal("bearer"),
  expires_in: z.int(),
});
