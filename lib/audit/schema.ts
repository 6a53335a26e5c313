import { z } from "zod";
import { Id } from "@/lib/base/id";
import { listOf, pageFields } from "@/lib/base/page";
import { absent, PageNumber } from "@/lib/base/query-string";
import { CalendarDate, Timezone } from "@/lib/base/time";

const Action = z
  .string()
  .max(60)
  .regex(/^[a-z_]+\.[a-z_]+$/, "must look like key.created");

/** Which events: dates are whole days of `timezone` (UTC unless given), both counted. */
export const AuditQuery = z.strictObject({
  action: Action.optional(),
  user_id: Id.optional(),
  start_date: CalendarDate.optional(),
  end_date: CalendarDate.optional(),
  timezone: Timezone.optional(),
  ...pageFields,
});
export type AuditQuery = z.output<typeof AuditQuery>;

export const AuditEventView = z.object({
  id: z.int(),
  at: z.iso.datetime(),
  action: z.string(),
  user_id: z.int().nullable(),
  user_email: z.string().nullable(),
  session_id: z.string().nullable(),
  token_id: z.int().nullable(),
  object_type: z.string().nullable(),
  object_id: z.string().nullable(),
  ip: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()).nullable(),
});
export type AuditEventView = z.output<typeof AuditEventView>;

export const AuditList = listOf(AuditEventView);

/** What the page shows, as its address says it. */
export const AuditParams = z.object({
  action: absent(Action),
  user: absent(Id),
  start: absent(CalendarDate),
  end: absent(CalendarDate),
  page: PageNumber,
});
export type AuditParams = z.output<typeof AuditParams>;
