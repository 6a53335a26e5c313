import { z } from "zod";

/** Shapes of what people and programs send about keys; safe for the browser. */

const Name = z.string("is required").trim().min(1, "is required").max(100, "must have at most 100 characters");
const Description = z.string().trim().max(500, "must have at most 500 characters");
/** Ids are 32-bit integers. */
export const Id = z.coerce.number().int().positive().max(2_147_483_647);

export const KeyId = z.strictObject({ id: Id });

/** The key's own form is judged by the verb, which answers 400 for it. */
export const CreateKey = z.strictObject({
  name: Name,
  key: z.string("is required").trim(),
  description: Description.nullish(),
});

export const UpdateKey = z.strictObject({
  name: Name.optional(),
  description: Description.nullish(),
  is_active: z.boolean().optional(),
});

export const KEY_STATUSES = [
  "valid",
  "invalid",
  "disabled",
  "expired",
  "limit_reached",
  "unverified",
  "unreachable",
  "deleted",
] as const;

const Time = z.iso.datetime({ offset: true });
const Usd = z.number();

/** A key as it leaves: the secret never does. Money in USD, times in UTC. */
export const KeyView = z.object({
  id: z.int(),
  name: z.string(),
  description: z.string().nullable(),
  kind: z.enum(["inference", "management"]),
  is_active: z.boolean(),
  status: z.enum(KEY_STATUSES),
  status_detail: z.string().nullable(),
  checked_at: Time.nullable(),
  label: z.string().nullable(),
  created_at: Time,
  last_used_at: Time.nullable(),
  last_synced_at: Time.nullable(),
  last_sync_error: z.string().nullable(),
  limit: Usd.nullable(),
  limit_remaining: Usd.nullable(),
  limit_reset: z.string().nullable(),
  expires_at: Time.nullable(),
  /** The management key that this one came with, if it was imported or matched. */
  management_key_id: z.int().nullable(),
  has_secret: z.boolean(),
  workspace: z.string().nullable(),
  measured_by: z.enum(["analytics", "activity", "sample"]).nullable(),
  spend_today: Usd,
  spend_month: Usd,
});

export type KeyView = z.output<typeof KeyView>;
