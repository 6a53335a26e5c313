"use server";
import { headers } from "next/headers";
import { after } from "next/server";
import { type ActionState, runForm } from "@/lib/action";
import { deviceOf } from "@/lib/auth/device";
import { limitAttempts } from "@/lib/users/attempts";
import { mailReset } from "@/lib/users/reset-password";
import { ForgotPassword } from "@/lib/users/schema";

/** Asks for a reset link; says the same for every address. */
export async function askForReset(_previous: ActionState, form: FormData): Promise<ActionState> {
  return runForm(ForgotPassword, form, async (input) => {
    const device = deviceOf(await headers());
    await limitAttempts({ purpose: "reset", ip: device.ip, email: input.email });
    after(() => mailReset(device, input));
  });
}
