import "server-only";
import { sql } from "@/db/client";
import { appliedMigrations, knownMigrations } from "@/db/migrate";
import { log } from "@/lib/base/log";
import { isScheduled } from "./schedule";

type Part = "ok" | "failed";
export type Readiness = { isReady: boolean; database: Part; migrations: Part; scheduler: Part };

/** A probe must answer quickly even when the database hangs. */
const PATIENCE_MS = 1_500;

/** Whether the database answers, has the level this version needs, and background work will happen. */
export async function checkReadiness(): Promise<Readiness> {
  const level = await Promise.race([readLevel(), giveUp()]);
  const parts = {
    database: mark(level !== null),
    migrations: mark(level !== null && level >= neededLevel()),
    scheduler: mark(isScheduled()),
  };
  return { isReady: Object.values(parts).every((part) => part === "ok"), ...parts };
}

const mark = (isFine: boolean): Part => (isFine ? "ok" : "failed");

let needed: number | undefined;

/** How many migrations this version brings. They are read once: probes come every few seconds. */
function neededLevel(): number {
  needed ??= knownMigrations().length;
  return needed;
}

/** How many migrations the database has. */
async function readLevel(): Promise<number | null> {
  try {
    return (await appliedMigrations(sql())).length;
  } catch (error) {
    log().warn({ err: error }, "The database is not ready");
    return null;
  }
}

const giveUp = (): Promise<null> => new Promise((resolve) => setTimeout(() => resolve(null), PATIENCE_MS).unref());
