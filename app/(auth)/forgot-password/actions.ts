"use server";
import { headers } from "next/headers";
import { type ActionState, runForm } from "@/lib/action";
import { deviceOf } from "@/lib/auth/device";
import { requestReset } from "@/lib/users/reset-password";
import { ForgotPassword } from "@/lib/users/schema";

/** Asks for a reset link; says the same for every address. */
export async function requestResetAction(_previous: ActionState, form: FormData): Promise<ActionState> {
  return runForm(ForgotPassword, form, async (input) => requestReset(deviceOf(await headers()), input));
}
