import { z } from "zod";
import { Id, JsonId } from "@/lib/base/id";

/** Characters that a badge has room for. */
export const LONGEST_LABEL = 40;

const Label = z
  .string()
  .trim()
  .min(1, "may not be empty")
  .max(LONGEST_LABEL, `must have at most ${LONGEST_LABEL} characters`)
  .regex(/^\P{Cc}*$/u, "must be one line of text");

export const CreateBadge = z.strictObject({
  /** Absent: the whole team's spend. */
  api_key_id: JsonId.nullish(),
  /** What the badge says, in public. Absent: the key's or the team's name, unless an e-mail address stands in it. */
  label: Label.nullish(),
});
export type CreateBadge = z.output<typeof CreateBadge>;

export const BadgeId = z.strictObject({ id: Id });
export const BadgeSecret = z.strictObject({ secret: z.string().regex(/^[A-Za-z0-9_-]{32}(\.svg)?$/) });

export const BadgeView = z.object({
  id: z.int(),
  api_key_id: z.int().nullable(),
  label: z.string().nullable(),
  created_at: z.iso.datetime(),
  is_active: z.boolean(),
});
export type BadgeView = z.output<typeof BadgeView>;

/** The only answer that carries the address. */
export const NewBadge = BadgeView.omit({ is_active: true }).extend({ path: z.string() });
export type NewBadge = z.output<typeof NewBadge>;
