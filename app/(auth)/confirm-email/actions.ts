"use server";
import { headers } from "next/headers";
import { type ActionState, runForm } from "@/lib/action";
import { deviceOf } from "@/lib/auth/device";
import { confirmEmailChange } from "@/lib/users/change-email";
import { ConfirmEmail } from "@/lib/users/schema";

/** Confirms a new address. A press is needed: mail scanners open links by themselves. */
export async function confirmEmailChangeAction(_previous: ActionState, form: FormData): Promise<ActionState> {
  return runForm(ConfirmEmail, form, async (input) => confirmEmailChange(deviceOf(await headers()), input));
}
