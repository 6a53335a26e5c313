import "server-only";
import { sql } from "@/db/client";
import { AppError } from "@/lib/errors";
import { asked } from "./rows";

/** Refuses with 422 a timezone that Node knows and the database, which places usage in days, does not. */
export async function requireTimezone(name: string): Promise<void> {
  await asked(sql()`select now() at time zone ${name}`);
}

/** Whether the database knows a timezone. */
export async function isKnownTimezone(name: string): Promise<boolean> {
  return requireTimezone(name).then(
    () => true,
    (error: unknown) => {
      if (error instanceof AppError) return false;
      throw error;
    },
  );
}
