import { z } from "zod";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Start of the UTC hour. */
export const startOfHour = (time: Date): Date => new Date(Math.floor(time.getTime() / HOUR_MS) * HOUR_MS);

/** Start of the UTC day. */
export const startOfDay = (time: Date): Date => new Date(Math.floor(time.getTime() / DAY_MS) * DAY_MS);

/** The running number of the quarter of an hour. Offsets of timezones are whole quarters, so "today" changes nowhere within one. */
export const quarterHour = (): number => Math.floor(Date.now() / (HOUR_MS / 4));

export const addHours = (time: Date, hours: number): Date => new Date(time.getTime() + hours * HOUR_MS);
export const addDays = (time: Date, days: number): Date => new Date(time.getTime() + days * DAY_MS);

/** `YYYY-MM-DD` of the UTC day. */
export const isoDate = (time: Date): string => time.toISOString().slice(0, 10);

/** `YYYY-MM-DD` of the day it is in a timezone (IANA name). */
export const isoDateIn = (time: Date, timezone: string): string =>
  new Intl.DateTimeFormat("en-CA", { timeZone: timezone, year: "numeric", month: "2-digit", day: "2-digit" }).format(
    time,
  );

/** Whole days from one `YYYY-MM-DD` to another, both counted. */
export const daysBetween = (start: string, end: string): number =>
  Math.round((Date.parse(`${end}T00:00:00Z`) - Date.parse(`${start}T00:00:00Z`)) / DAY_MS) + 1;

/** `YYYY-MM-DD` moved by whole days. */
export const shiftDate = (date: string, days: number): string => isoDate(addDays(new Date(`${date}T00:00:00Z`), days));

/** A calendar date, `YYYY-MM-DD`, that exists, from the years a database and a person can mean. */
export const CalendarDate = z.iso
  .date()
  .refine((date) => date >= "1970-01-01" && date <= "9998-12-31", "is out of range");

/**
 * A timezone by its IANA name, `Area/Location`, or UTC. Abbreviations (IST, PST) and names without an area (CET, EST5EDT) are refused, because
 * JavaScript and PostgreSQL read several of them differently.
 */
export const Timezone = z
  .string()
  .max(64)
  .refine((name) => IANA_NAME.test(name) && isTimezone(name), "is not an IANA timezone such as Europe/Rome")
  .describe("IANA name such as Europe/Rome, or UTC");

const IANA_NAME = /^(UTC|[A-Za-z]+(\/[A-Za-z0-9_+-]+)+)$/i;

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
