import "server-only";
import { readFileSync } from "node:fs";
import path from "node:path";
import { sql } from "@/db/client";
import { log } from "@/lib/base/log";
import { isScheduled } from "./schedule";

type Part = "ok" | "failed";
export type Readiness = { isReady: boolean; database: Part; migrations: Part; scheduler: Part };

/** A probe must answer quickly even when the database hangs. */
const PATIENCE_MS = 1_500;

/** Whether the database answers, has the level this version needs, and background work will happen. */
export async function checkReadiness(): Promise<Readiness> {
  const level = await Promise.race([appliedMigrations(), giveUp()]);
  const parts = {
    database: mark(level !== null),
    migrations: mark(level !== null && level >= knownMigrations()),
    scheduler: mark(isScheduled()),
  };
  return { isReady: Object.values(parts).every((part) => part === "ok"), ...parts };
}

const mark = (isFine: boolean): Part => (isFine ? "ok" : "failed");

async function appliedMigrations(): Promise<number | null> {
  try {
    const [row] = await sql()<{ count: number }[]>`select count(*)::int as count from drizzle.__drizzle_migrations`;
    return row?.count ?? 0;
  } catch (error) {
    log().warn({ err: error }, "The database is not ready");
    return null;
  }
}

const giveUp = (): Promise<null> => new Promise((resolve) => setTimeout(() => resolve(null), PATIENCE_MS).unref());

/** How many migrations this version brings. */
function knownMigrations(): number {
  const journal = JSON.parse(
    readFileSync(path.join(/* turbopackIgnore: true */ process.cwd(), "drizzle/meta/_journal.json"), "utf8"),
  ) as {
    entries: unknown[];
  };
  return journal.entries.length;
}
