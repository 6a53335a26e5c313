"use server";
import { redirect } from "next/navigation";
import { action } from "@/lib/action";
import { signIn } from "@/lib/auth/auth";
import { allowConnecting } from "@/lib/auth/connecting";
import { configuredServices } from "@/lib/auth/providers";
import { ServiceForm } from "@/lib/services/schema";
import { disconnectService } from "@/lib/services/services";
import { refreshed } from "../refreshed";

/** Sends the person to the service, which sends them back to the profile. */
export const connectService = action(ServiceForm, async (viewer, input) => {
  const service = configuredServices().find(({ id }) => id === input.service);
  if (!service) redirect("/profile");
  await allowConnecting(viewer, input);
  await signIn(service.id, { redirectTo: "/profile?service=connected" });
});
export const disconnectOneService = action(ServiceForm, refreshed(disconnectService));
