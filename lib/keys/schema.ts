import { z } from "zod";
import { Id } from "@/lib/base/id";
import { KEY_LENGTH, KEY_PATTERN } from "@/lib/base/mask";
import { withoutNullByte } from "@/lib/base/null-byte";
import { pageFields } from "@/lib/base/page";
import { absent, one, PageNumber } from "@/lib/base/query-string";
import { sortBy } from "@/lib/base/sort";

/** Shapes of what people and programs send about keys; safe for the browser. */

const Name = z.string("is required").trim().min(1, "is required").max(100, "must have at most 100 characters");
const Description = z.string().trim().max(500, "must have at most 500 characters");
export const KeyId = z.strictObject({ id: Id });

/** The key's own form is judged by the verb, which answers 400 for it. */
export const CreateKey = z.strictObject({
  name: Name,
  key: z.string("is required").trim().meta({
    description: "An inference or management key; which of the two it is, OpenRouter says",
    pattern: KEY_PATTERN,
    minLength: KEY_LENGTH.least,
    maxLength: KEY_LENGTH.most,
  }),
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
  created_at: Time.describe("When OpenRouter made it; where OpenRouter does not say, when it was added here"),
  added_at: Time.describe("When it was added here"),
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
  /** Why a poorer source was used, in OpenRouter's words; null where the best one was. */
  measured_detail: z.string().nullable(),
  /** Of the UTC day and month; null where nothing was read since they began. */
  spend_today: Usd.nullable(),
  spend_month: Usd.nullable(),
});

export type KeyView = z.output<typeof KeyView>;

/** Whether OpenRouter ever told of a key. Before, its kind, limit and expiry are not absent but unknown. */
export const hasUpstreamData = (key: Pick<KeyView, "label" | "last_synced_at">): boolean =>
  key.label !== null || key.last_synced_at !== null;

/** What OpenRouter says of a key, or that it is not watched here. */
export const KEY_STATES = [...KEY_STATUSES, "inactive"] as const;
export type KeyState = (typeof KEY_STATES)[number];

const KEY_COLUMNS = ["name", "spend_month", "last_used_at", "created_at"] as const;
export type KeyColumn = (typeof KEY_COLUMNS)[number];

const KeySort = sortBy(KEY_COLUMNS);
export type KeySort = z.output<typeof KeySort>;

/** Part of a key's name, description, masked text or workspace. The addresses of pages are read with it too, and no other door stands in front of them. */
const Search = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .refine(...withoutNullByte);

export const KeyQuery = z.strictObject({
  q: Search.optional(),
  status: z.enum(KEY_STATES).optional(),
  sort: KeySort.default("-created_at"),
  ...pageFields,
});

/** What the page of keys shows, as its address says it. */
export const KeyParams = z.object({
  q: absent(Search),
  status: absent(z.enum(KEY_STATES)),
  sort: one(KeySort.catch("-created_at")),
  page: PageNumber,
});
export type KeyParams = z.output<typeof KeyParams>;
