import { z } from "zod";
import { Confirmation } from "@/lib/users/schema";

/** What people and programs send and get about signing in through other services; safe for the browser. */

export const Service = z.strictObject({ service: z.string().regex(/^[a-z]{1,20}$/) });
export const ServiceForm = z.strictObject({ ...Service.shape, ...Confirmation.shape });

/** A service that this instance offers, and whether the person connected it. */
export const ServiceView = z.object({ id: z.string(), name: z.string(), connected: z.boolean() });
export type ServiceView = z.output<typeof ServiceView>;
