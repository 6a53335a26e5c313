import { z } from "zod";
import { LOCALES } from "@/i18n/locales";
import { THEMES } from "@/lib/base/theme";
import { Timezone } from "@/lib/base/time";
import { brokenRule } from "./password-rules";

/** Shapes of what people and programs send about accounts; safe for the browser. */

/**
 * The domain as mail servers know it: bücher.example is xn--bcher-kva.example. What is no domain stays, and is refused
 * afterwards.
 */
function encodeDomain(email: string): string {
  const [, name, domain] = /^(.*@)([\p{L}\p{M}\p{N}.-]+)$/u.exec(email) ?? [];
  return domain !== undefined && URL.canParse(`http://${domain}`)
    ? `${name}${new URL(`http://${domain}`).hostname}`
    : email;
}

/** Stored and compared in lower case, with the domain in ASCII. */
export const Email = z
  .string("is required")
  .trim()
  .toLowerCase()
  .overwrite(encodeDomain)
  .max(254, "must have at most 254 characters")
  .pipe(z.email("is not a valid e-mail address"));

/** A password as typed. How good it is matters only when a new one is set. */
const Typed = z.string("is required").min(1, "is required").max(1024, "is too long");

type WithNewPassword = { password: string; password_confirm: string; email?: string };

function checkNewPassword(
  { password, password_confirm, email }: WithNewPassword,
  context: z.core.$RefinementCtx,
): void {
  const broken = brokenRule(password, email);
  if (broken) context.addIssue({ code: "custom", path: ["password"], message: broken });
  if (password !== password_confirm)
    context.addIssue({ code: "custom", path: ["password_confirm"], message: "is not the same as the password" });
}

export const Register = z
  .strictObject({ email: Email, password: Typed, password_confirm: Typed })
  .superRefine(checkNewPassword);
/** The form tells the browser's timezone as well; one that we do not know is as good as none. */
export const RegisterForm = Register.safeExtend({ timezone: Timezone.optional().catch(undefined) });

/** Any text may be tried as an e-mail: whether it can be one is not told. */
const Anybody = z
  .string("is required")
  .trim()
  .min(1, "is required")
  .toLowerCase()
  .overwrite(encodeDomain)
  .max(254, "is too long");

/** `code`: six digits of the authenticator app, or a recovery code. */
export const Code = z.string().trim().min(1).max(32);

/** E-mail and password as somebody who may be anybody types them. */
export const Credentials = z.strictObject({ email: Anybody, password: Typed });
export const ForgotPassword = z.strictObject({ email: Email });
export const ResetPassword = z
  .strictObject({ token: z.string().min(1).max(128), password: Typed, password_confirm: Typed })
  .superRefine(checkNewPassword);

export const ChangePassword = z
  .strictObject({ current_password: Typed, password: Typed, password_confirm: Typed })
  .superRefine(checkNewPassword);

export const UpdateProfile = z.strictObject({
  name: z
    .string()
    .trim()
    .max(100, "must have at most 100 characters")
    .regex(/^\P{Cc}*$/u, "must be one line of text")
    .nullish(),
  timezone: Timezone.optional(),
  locale: z.enum(LOCALES, "is not a language of ours").optional(),
  theme: z.enum(THEMES, "is not a theme of ours").optional(),
});
/** In the form a blank name means none. */
export const ProfileForm = UpdateProfile.transform((profile) => ({ ...profile, name: profile.name ?? null }));

export const ChangeEmail = z.strictObject({ email: Email, password: Typed });
/** For what only the person may do, whoever sits at their screen. */
export const Password = z.strictObject({ password: Typed });
/** The same where people without a password may come along by having signed in just now. */
export const Confirmation = z.strictObject({ password: Typed.optional() });
export const SessionId = z.strictObject({ id: z.uuid() });

/** The person as they see themselves. Times in UTC. */
export const ProfileView = z.object({
  id: z.int(),
  email: z.string(),
  name: z.string().nullable(),
  timezone: z.string(),
  locale: z.string(),
  theme: z.string(),
  has_password: z.boolean(),
  two_factor: z.boolean(),
  created_at: z.iso.datetime(),
});

/** A signed-in device. `current` is the one that asks. */
export const SessionView = z.object({
  id: z.uuid(),
  kind: z.enum(["page", "api"]),
  ip: z.string().nullable(),
  user_agent: z.string().nullable(),
  created_at: z.iso.datetime(),
  last_seen_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  current: z.boolean(),
});

/** A form that is only a button. */
export const Nothing = z.strictObject({});

export const ConfirmEmail = z.strictObject({ token: z.string().min(1).max(128) });
export const TotpCode = z.strictObject({ code: Code });

/** What is asked for after the password: codes of an app, passkeys, both or nothing. */
export const TwoFactorView = z.object({ app: z.boolean(), passkey: z.boolean(), recovery_codes_left: z.int() });
/** Each replaces a second factor once; given this once. */
export const RecoveryCodes = z.object({ codes: z.array(z.string()) });
