import { z } from "zod";
import { Id } from "@/lib/base/id";
import { Confirmation } from "@/lib/users/schema";
import { Attestation, fromText } from "./webauthn";

/** What browsers and programs send and get about passkeys; safe for the browser. */

const Name = z
  .string("is required")
  .trim()
  .min(1, "is required")
  .max(100, "must have at most 100 characters")
  .regex(/^\P{Cc}*$/u, "must be one line of text");

export const AddPasskey = z.strictObject({ name: Name, response: Attestation });
export const AddPasskeyForm = z.strictObject({ name: Name, response: fromText(Attestation) });
export const PasskeyId = z.strictObject({ id: Id });
export const PasskeyName = z.strictObject({ name: Name });
export const RenamePasskeyForm = z.strictObject({ id: Id, name: Name });
export const RemovePasskeyForm = z.strictObject({ id: Id, ...Confirmation.shape });

/** A registered passkey. `device_type` and `backed_up` are what the authenticator last said. Times in UTC. */
export const PasskeyView = z.object({
  id: z.int(),
  name: z.string(),
  device_type: z.enum(["singleDevice", "multiDevice"]).nullable(),
  backed_up: z.boolean().nullable(),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime().nullable(),
});
export type PasskeyView = z.output<typeof PasskeyView>;

/**
 * Where passkeys can be used.
 * `origin`: the address that they are made for; `isHere`: the page is open at it, so that what needs a passkey has its place from the start and
 * nothing below it moves.
 */
export type PasskeyPlace = { origin: string; isHere: boolean };
