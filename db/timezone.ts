import "server-only";
import { AppError } from "@/lib/base/errors";
import { sql } from "./client";

/**
 * Runs a statement that names a timezone. One that Node knows and PostgreSQL does not (error 22023) is refused with
 * 422.
 */
export async function withTimezoneErrors<T>(statement: PromiseLike<T>): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    if ((error as { code?: unknown }).code !== "22023") throw error;
    const message = "is not a timezone that the database knows";
    throw new AppError("unprocessable", `timezone ${message}`, { errors: [{ field: "timezone", message }] });
  }
}

/** Refuses with 422 a timezone that the database, which places usage in days, does not know. */
export async function requireTimezone(name: string): Promise<void> {
  await withTimezoneErrors(sql()`select now() at time zone ${name}`);
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
