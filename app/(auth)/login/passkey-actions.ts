"use server";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { setSessionCookie } from "@/lib/access/session-cookie";
import { type ActionState, runForm } from "@/lib/action";
import { BROWSER_SESSION_HOURS, REMEMBERED_HOURS } from "@/lib/auth/auth";
import { deviceOf } from "@/lib/auth/device";
import { safeNext } from "@/lib/auth/safe-next";
import { askPasskey, askSecondPasskey, signInByPasskey } from "@/lib/sign-in/passkey-sign-in";
import { PasskeyLoginForm } from "@/lib/sign-in/schema";
import { Credentials, Nothing } from "@/lib/users/schema";

type Challenge = Awaited<ReturnType<typeof askPasskey>>;

/** A challenge for signing in by a passkey alone. */
export async function askPasskeyAction(): Promise<ActionState<Challenge>> {
  return runForm(Nothing, new FormData(), async () => askPasskey(deviceOf(await headers())));
}

/** A challenge for a passkey as the second factor. */
export async function askSecondPasskeyAction(form: FormData): Promise<ActionState<Challenge>> {
  return runForm(Credentials, form, async (credentials) => askSecondPasskey(deviceOf(await headers()), credentials));
}

/** Signs in by what a passkey answered, and sends the person where they wanted to go. */
export async function signInByPasskeyAction(form: FormData): Promise<ActionState> {
  return runForm(PasskeyLoginForm, form, async ({ response, remember, next }) => {
    const hours = remember ? REMEMBERED_HOURS : BROWSER_SESSION_HOURS;
    const session = await signInByPasskey(deviceOf(await headers()), response, { kind: "page", hours });
    await setSessionCookie(session.token, remember ? session.expiresAt : null);
    redirect(safeNext(next));
  });
}
