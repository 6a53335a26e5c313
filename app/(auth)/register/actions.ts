"use server";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { pageLocale } from "@/i18n/page-locale";
import { setSessionCookie } from "@/lib/access/session-cookie";
import { type ActionState, runForm } from "@/lib/action";
import { deviceOf } from "@/lib/auth/device";
import { login } from "@/lib/sign-in/login";
import { register } from "@/lib/users/register";
import { RegisterForm } from "@/lib/users/schema";

/** Registers and signs in, for as long as the browser stays open. */
export async function registerAction(_previous: ActionState, form: FormData): Promise<ActionState> {
  return runForm(RegisterForm, form, async ({ timezone, ...input }) => {
    const device = deviceOf(await headers());
    await register(device, input, { locale: await pageLocale(), ...(timezone && { timezone }) });
    const { token } = await login(device, input, { kind: "page", hours: 24 });
    await setSessionCookie(token, null);
    redirect("/dashboard");
  });
}
