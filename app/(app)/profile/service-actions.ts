"use server";
import { redirect } from "next/navigation";
import { configuredServices } from "@/lib/access/oauth-providers";
import { action } from "@/lib/action";
import { signIn } from "@/lib/auth/auth";
import { allowConnecting } from "@/lib/auth/connecting";
import { disconnectService } from "@/lib/identities/identities";
import { ServiceForm } from "@/lib/identities/schema";
import { refreshed } from "../refreshed";

/** Sends the person to the service, which sends them back to the profile. */
export const connectService = action(ServiceForm, async (viewer, input) => {
  const service = configuredServices().find(({ id }) => id === input.service);
  if (!service) redirect("/profile");
  await allowConnecting(viewer, input);
  await signIn(service.id, { redirectTo: "/profile?service=connected" });
});
export const disconnectOneService = action(ServiceForm, refreshed(disconnectService));
