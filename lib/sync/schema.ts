import { z } from "zod";
import { Id } from "@/lib/base/id";

export const SyncRequest = z.strictObject({ key_id: Id.optional() });
export const SyncRunId = z.strictObject({ run_id: Id });
export const SyncStarted = z.object({ run_id: z.int() });

const Time = z.iso.datetime();

/** A sync run. `rows_written` counts hourly rows that changed; `errors` say in words what went wrong with which key. */
export const SyncRun = z.object({
  run_id: z.int(),
  status: z.enum(["queued", "running", "succeeded", "partial", "failed"]),
  trigger: z.enum(["manual", "schedule", "connect"]),
  keys_total: z.int(),
  keys_done: z.int(),
  rows_written: z.int(),
  rows_rejected: z.int(),
  cells_unsplit: z
    .int()
    .describe("Sums of a key, hour and model whose split by provider or key does not add up: they stand undivided"),
  days_total: z.int().describe("Days of usage to read, over all accounts of the run"),
  days_done: z.int(),
  errors: z.array(z.object({ api_key_id: z.int(), api_key_name: z.string(), detail: z.string() })),
  created_at: Time,
  started_at: Time.nullable(),
  finished_at: Time.nullable(),
});
