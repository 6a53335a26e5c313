import "server-only";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "@/db/client";
import { log } from "@/lib/base/log";

/** Long enough to outlast a pause of the process, short enough that a crashed one's work goes on soon. */
const LEASE_SECONDS = 15;
const RENEW_MS = 5_000;
const ASK_AGAIN_MS = 500;

/** Free is what has run out, and what runs longer than any lease does: it was taken before the database's clock went back. */
async function acquire(name: string, holder: string): Promise<boolean> {
  const rows = await sql()`
    insert into leases as l (name, holder, until) values (${name}, ${holder}, now() + make_interval(secs => ${LEASE_SECONDS}))
    on conflict (name) do update set holder = excluded.holder, until = excluded.until
    where l.until < now() or l.until > now() + make_interval(secs => ${2 * LEASE_SECONDS})
    returning name`;
  return rows.length > 0;
}

/**
 * Runs `work` as the only one in all processes who holds `name`. Waits for another holder when asked to, else answers null at once. The lease lives by the
 * database's clock; a process that dies loses it after 15 s, and `signal` tells a process that lost it while it lived.
 */
export async function withLease<T>(
  name: string,
  work: (signal: AbortSignal) => Promise<T>,
  options: { wait: boolean; signal?: AbortSignal },
): Promise<T | null> {
  const holder = randomUUID();
  while (!(await acquire(name, holder))) {
    if (!options.wait) return null;
    await sleep(ASK_AGAIN_MS, undefined, { signal: options.signal });
  }
  const lost = new AbortController();
  const timer = setInterval(() => void renew(name, holder, lost), RENEW_MS);
  timer.unref();
  try {
    return await work(options.signal ? AbortSignal.any([lost.signal, options.signal]) : lost.signal);
  } finally {
    clearInterval(timer);
    await sql()`delete from leases where name = ${name} and holder = ${holder}`.catch((error: unknown) => {
      log().warn({ err: error, lease: name }, "A lease could not be given back; it will run out by itself");
    });
  }
}

async function renew(name: string, holder: string, lost: AbortController): Promise<void> {
  try {
    const rows = await sql()`
      update leases set until = now() + make_interval(secs => ${LEASE_SECONDS})
      where name = ${name} and holder = ${holder} returning name`;
    if (rows.length === 0) lost.abort(new Error(`The lease ${name} was lost`));
  } catch (error) {
    // The database may be back before the lease runs out; if it is not, the next renewal finds it gone.
    log().warn({ err: error, lease: name }, "A lease could not be renewed");
  }
}
