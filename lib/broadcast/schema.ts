import { z } from "zod";
import { Id } from "@/lib/base/id";

/** Shapes of what people and programs send about Broadcast connections; safe for the browser. */

export const DeliveryTarget = z.strictObject({ connection_id: Id });
export const Receipt = z.object({
  /** Requests that were new. */
  accepted: z.int(),
  duplicates: z.int(),
  /** Parts of the body that could not be read. */
  unreadable: z.int(),
  test: z.boolean(),
});
export type Receipt = z.output<typeof Receipt>;

export const ConnectionId = z.strictObject({ id: Id });

const Name = z.string("is required").trim().min(1, "is required").max(100, "must have at most 100 characters");

export const CreateConnection = z.strictObject({
  name: Name,
  /** The account whose keys a delivery's names mean; without it, any key of the team. */
  management_key_id: Id.nullish(),
  /** The workspace that the destination belongs to: names need to be unique only there. */
  workspace_id: z.string().max(100).nullish(),
});
export type CreateConnection = z.output<typeof CreateConnection>;

export const CreateDestination = z.strictObject({
  management_key_id: Id,
  /** A workspace of the account; the default one when absent. */
  workspace_id: z.string().max(100).nullish(),
});
export type CreateDestination = z.output<typeof CreateDestination>;

const Time = z.iso.datetime();

/** A connection as lists show it; its secret never leaves again. */
export const ConnectionView = z.object({
  id: z.int(),
  name: z.string(),
  management_key_id: z.int().nullable(),
  account: z.string().nullable(),
  workspace_id: z.string().nullable(),
  workspace: z.string().nullable(),
  /** OpenRouter's id of the destination, when it was created from here. */
  destination_id: z.string().nullable(),
  created_at: Time,
  last_received_at: Time.nullable(),
  last_tested_at: Time.nullable(),
  /** The last delivery of which something could not be read. */
  last_unreadable_at: Time.nullable(),
});
export type ConnectionView = z.output<typeof ConnectionView>;

/** The only answer that carries a secret. */
export const NewConnection = ConnectionView.pick({ id: true, name: true, created_at: true }).extend({
  /** Where OpenRouter is to send. */
  url: z.string(),
  secret: z.string(),
  /** The header that it is to send along, whole. */
  header: z.object({ name: z.literal("Authorization"), value: z.string() }),
});
export type NewConnection = z.output<typeof NewConnection>;

/** A connection whose destination OpenRouter has already: nothing is left to be pasted there. */
export const NewDestination = z.object({
  id: z.int(),
  name: z.string(),
  destination_id: z.string(),
  workspace: z.string().nullable(),
  /** Whether Broadcast was off in the workspace and is on now. */
  switched_on: z.boolean(),
});
export type NewDestination = z.output<typeof NewDestination>;
