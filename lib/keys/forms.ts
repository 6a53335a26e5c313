import { z } from "zod";
import { CreateKey, KeyId } from "./schema";

/** What the pages' forms send where it differs from JSON: every field that was shown, as text. */

/** A description that was emptied is to be removed. */
export const EditKeyForm = z
  .strictObject({ ...KeyId.shape, ...CreateKey.pick({ name: true, description: true }).shape })
  .transform((form) => ({ ...form, description: form.description ?? null }));

export const SwitchKeyForm = z.strictObject({ ...KeyId.shape, is_active: z.stringbool() });
