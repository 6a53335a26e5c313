import { z } from "zod";
import { SCOPES, type Scope } from "@/db/schema/enums";
import { Id } from "@/lib/base/id";

export { SCOPES, type Scope };

const TokenName = z.string("is required").trim().min(1, "is required").max(100, "must have at most 100 characters");

/** A form sends one scope as a text, several as a list. */
const Scopes = z.preprocess(
  (given) => (typeof given === "string" ? [given] : given),
  z
    .array(z.enum(SCOPES))
    .min(1, "must name at least one scope")
    .max(SCOPES.length)
    .transform((scopes) => SCOPES.filter((scope) => scopes.includes(scope))),
);

export const CreateToken = z.strictObject({
  name: TokenName,
  scopes: Scopes.default([...SCOPES]),
  /** A form sends digits as text. */
  expires_in_days: z.coerce.number().int().min(1).max(365).nullish(),
});
export type CreateToken = z.output<typeof CreateToken>;

export const TokenId = z.strictObject({ id: Id });
export type TokenId = z.output<typeof TokenId>;

const Time = z.iso.datetime();

/** A token as lists show it; the token itself never leaves again. */
export const TokenView = z.object({
  id: z.int(),
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(z.string()),
  created_at: Time,
  last_used_at: Time.nullable(),
  expires_at: Time.nullable(),
  is_active: z.boolean(),
});
export type TokenView = z.output<typeof TokenView>;

/** The only answer that carries a token. */
export const NewToken = TokenView.omit({ last_used_at: true, is_active: true }).extend({ token: z.string() });
export type NewToken = z.output<typeof NewToken>;
