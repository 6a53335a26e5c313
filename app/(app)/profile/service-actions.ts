"use server";
import { redirect } from "next/navigation";
import { configuredOAuthProviders } from "@/lib/access/oauth-providers";
import { action } from "@/lib/action";
import { signIn } from "@/lib/auth/auth";
import { allowLinking } from "@/lib/auth/link-consent";
import { disconnectIdentity } from "@/lib/identities/identities";
import { ServiceForm } from "@/lib/identities/schema";
import { refreshed } from "../refreshed";

/** Sends the person to the service, which sends them back to the profile. */
export const connectIdentityAction = action("personal", ServiceForm, async (viewer, input) => {
  const service = configuredOAuthProviders().find(({ id }) => id === input.service);
  if (!service) redirect("/profile");
  await allowLinking(viewer, input);
  await signIn(service.id, { redirectTo: "/profile?service=connected" });
});
export const disconnectIdentityAction = action("personal", ServiceForm, refreshed(disconnectIdentity));
