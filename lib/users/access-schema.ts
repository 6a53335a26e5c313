import { z } from "zod";

/** What can open an account besides its password; safe for the browser. */

const ACCESS_KINDS = ["session", "passkey", "service", "api_token", "badge", "broadcast_connection"] as const;

/** `id`: what the route or form that ends it takes. `name`: of a session its program, of a badge its key; null where there is none. Times in UTC. */
export const AccessView = z.object({
  kind: z.enum(ACCESS_KINDS),
  id: z.string(),
  name: z.string().nullable(),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime().nullable(),
});
export type AccessView = z.output<typeof AccessView>;
