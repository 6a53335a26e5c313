import { isCommonPassword } from "./common-passwords";

/** bcrypt reads no more bytes than this; longer passwords are refused, never cut. */
export const MAX_PASSWORD_BYTES = 72;
export const MIN_PASSWORD_CHARACTERS = 12;

type Rule = { id: RuleId; message: string; holds: (password: string, email: string) => boolean };
export type RuleId = "length" | "bytes" | "upper" | "lower" | "digit" | "special" | "common" | "email";

/** What a password must be. Runs in the browser while typing and on the server when it counts. */
export const PASSWORD_RULES: readonly Rule[] = [
  {
    id: "length",
    message: `must have at least ${MIN_PASSWORD_CHARACTERS} characters`,
    holds: (password) => [...password].length >= MIN_PASSWORD_CHARACTERS,
  },
  {
    id: "bytes",
    message: `must have at most ${MAX_PASSWORD_BYTES} bytes (an accented letter or an emoji takes several)`,
    holds: (password) => new TextEncoder().encode(password).length <= MAX_PASSWORD_BYTES,
  },
  { id: "upper", message: "must contain an upper-case letter", holds: (password) => /\p{Lu}/u.test(password) },
  { id: "lower", message: "must contain a lower-case letter", holds: (password) => /\p{Ll}/u.test(password) },
  { id: "digit", message: "must contain a digit", holds: (password) => /\p{Nd}/u.test(password) },
  {
    id: "special",
    message: "must contain a special character, and only printable ones",
    holds: (password) =>
      /[^\p{Lu}\p{Ll}\p{Nd}\p{C}]/u.test(password) && !/\p{C}/u.test(password.replace(/\p{Cf}/gu, "")),
  },
  { id: "common", message: "is too common", holds: (password) => !isCommonPassword(password) },
  { id: "email", message: "must not be the e-mail address", holds: isNotEmail },
];

function isNotEmail(password: string, email: string): boolean {
  const [typed, address] = [password.trim().toLowerCase(), email.trim().toLowerCase()];
  return address === "" || (typed !== address && typed !== address.split("@")[0]);
}

/** The first rule that a password breaks, in words; undefined when it is good. */
export const brokenRule = (password: string, email = ""): string | undefined =>
  PASSWORD_RULES.find((rule) => !rule.holds(password, email))?.message;
