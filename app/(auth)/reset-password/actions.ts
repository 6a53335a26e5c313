"use server";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { type ActionState, runForm } from "@/lib/action";
import { deviceOf } from "@/lib/auth/device";
import { resetPassword } from "@/lib/users/reset-password";
import { ResetPassword } from "@/lib/users/schema";

/** Sets a new password by a mailed link. */
export async function resetPasswordAction(_previous: ActionState, form: FormData): Promise<ActionState> {
  return runForm(ResetPassword, form, async (input) => {
    await resetPassword(deviceOf(await headers()), input);
    redirect("/login?changed");
  });
}
