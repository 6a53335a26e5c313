"use server";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { type ActionState, runForm } from "@/lib/action";
import { deviceOf } from "@/lib/auth/device";
import { setSessionCookie } from "@/lib/auth/session-cookie";
import { login } from "@/lib/users/login";
import { register } from "@/lib/users/register";
import { Register } from "@/lib/users/schema";

/** Registers and signs in, for as long as the browser stays open. */
export async function createAccount(_previous: ActionState, form: FormData): Promise<ActionState> {
  return runForm(Register, form, async (input) => {
    const device = deviceOf(await headers());
    await register(device, input);
    const { token } = await login(device, input, { kind: "page", hours: 24 });
    await setSessionCookie(token, null);
    redirect("/dashboard");
  });
}
