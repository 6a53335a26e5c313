import "server-only";
import { eventType, Inngest } from "inngest";
import { z } from "zod";
import { EnvError, env } from "@/lib/base/env";
import { log } from "@/lib/base/log";

const OFF = /^(0|false|no|off)$/i;
const ADDRESS = /^https?:\/\//;

/** Whether Inngest's dev server is in charge; it signs nothing, so this is for development and closed networks. */
const isDev = (): boolean => Boolean(env().INNGEST_DEV && !OFF.test(env().INNGEST_DEV ?? ""));

/** Whether Inngest is configured and does the timing. */
export const usesInngest = (): boolean => isDev() || Boolean(env().INNGEST_EVENT_KEY);

/** Throws EnvError for a half configured Inngest: without a signing key every call of the server would be refused, or, worse, believed. */
export function checkInngest(): void {
  if (!usesInngest()) return;
  if (isDev()) log().warn("INNGEST_DEV is set: calls to /api/inngest are not signed; use it for development only");
  else if (!env().INNGEST_SIGNING_KEY)
    throw new EnvError("INNGEST_SIGNING_KEY is not set: with INNGEST_EVENT_KEY it is required");
}

/** A sync run stands in the database and wants to be worked on. */
export const RunRequested = eventType("sync/run.requested", { schema: z.object({ run_id: z.int() }) });

/** One key of a run. `account` is the management key whose account it belongs to, or the key itself: OpenRouter's limits count by it. */
export const KeyRequested = eventType("sync/key.requested", {
  schema: z.object({ run_id: z.int(), api_key_id: z.int(), account: z.int() }),
});

let client: Inngest | undefined;

/** The connection to Inngest, from our own settings alone, so that config.yaml counts too. */
export function inngest(): Inngest {
  const { INNGEST_DEV, INNGEST_BASE_URL, INNGEST_EVENT_KEY, INNGEST_SIGNING_KEY } = env();
  const baseUrl = INNGEST_BASE_URL ?? (ADDRESS.test(INNGEST_DEV ?? "") ? INNGEST_DEV : undefined);
  client ??= new Inngest({
    id: "openrouter-monitor",
    isDev: isDev(),
    ...(baseUrl && { baseUrl }),
    ...(INNGEST_EVENT_KEY && { eventKey: INNGEST_EVENT_KEY }),
    ...(INNGEST_SIGNING_KEY && { signingKey: INNGEST_SIGNING_KEY }),
    // Few and long steps: nothing is won by reporting them while they run.
    checkpointing: false,
    logger: log(),
  });
  return client;
}

/** For tests that change the settings of their own process. */
export const forgetInngest = (): void => {
  client = undefined;
};
