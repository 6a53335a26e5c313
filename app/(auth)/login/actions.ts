"use server";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { SESSION_COOKIE } from "@/lib/access/cookie";
import { configuredOAuthProviders } from "@/lib/access/oauth-providers";
import { setSessionCookie } from "@/lib/access/session-cookie";
import { type ActionState, runForm } from "@/lib/action";
import { SignInRefused, signIn } from "@/lib/auth/auth";
import { safeNext } from "@/lib/auth/safe-next";
import { LoginForm } from "@/lib/sign-in/schema";

type Tried = { tried: "code" | "passkey" | null };

/**
 * Signs in by password and sends the person where they wanted to go. A field error for `code` asks for the second factor, one for
 * `passkey` says that a passkey would do; `tried` tells which was given, which the errors' words, being translated, cannot tell.
 */
export async function loginAction(_previous: ActionState<Tried>, form: FormData): Promise<ActionState<Tried>> {
  const state = await runForm(LoginForm, form, async ({ next, passkey, ...credentials }) => {
    const answer = passkey && { passkey: JSON.stringify(passkey) };
    try {
      await signIn("credentials", { ...credentials, ...answer, redirect: false });
    } catch (error) {
      throw error instanceof SignInRefused ? error.refusal : error;
    }
    if (!credentials.remember) await endWithBrowser();
    redirect(safeNext(next));
  });
  const tried = form.get("passkey") ? "passkey" : form.get("code") ? "code" : null;
  return { ...state, data: { tried } };
}

/** Auth.js gives every cookie a date; without one the browser forgets it when it closes. */
async function endWithBrowser(): Promise<void> {
  const token = (await cookies()).get(SESSION_COOKIE())?.value;
  if (token) await setSessionCookie(token, null);
}

/** Begins signing in at another service, or connecting it when somebody is signed in already. */
export async function signInWithProviderAction(form: FormData): Promise<void> {
  const service = configuredOAuthProviders().find(({ id }) => id === form.get("service"));
  if (!service) redirect("/login");
  await signIn(service.id, { redirectTo: safeNext(String(form.get("next") ?? "")) });
}
