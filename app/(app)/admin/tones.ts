import type { Tone } from "@/components/ui/badge";

/** How far a run has come, as a colour. */
export const TONES = {
  queued: "neutral",
  running: "info",
  succeeded: "success",
  partial: "warning",
  failed: "danger",
} as const satisfies Record<string, Tone>;
