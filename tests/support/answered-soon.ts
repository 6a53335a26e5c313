import { expect } from "vitest";
import { sql } from "@/db/client";
import { hashPassword } from "@/lib/users/password";

/** An answer that took longer (ms) is looked at again. */
const SUSPICIOUS_MS = 1000;
/** The dearest thing a request does on purpose is to check a password; none takes longer than so many of them. */
const PASSWORDS = 4;
const LOOKS = 3;

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const began = performance.now();
  const value = await work();
  return { value, ms: performance.now() - began };
}

/**
 * Asks, and fails when what was asked is what made it slow: that is slow every time, held against a password's hash at the same moment. What a busy machine delays, it
 * delays now and then, and the hash with it.
 */
export async function answeredSoon<T>(what: string, ask: () => Promise<T>): Promise<T> {
  const { value, ms } = await timed(ask);
  if (ms <= SUSPICIOUS_MS) return value;
  const inPasswords: number[] = [];
  for (let look = 0; look < LOOKS; look++) {
    // Refused for asking too often would be quick.
    await sql()`delete from rate_limits`;
    const [again, hash] = [await timed(ask), await timed(() => hashPassword("Correct-Horse-9-Battery"))];
    inPasswords.push(again.ms / hash.ms);
  }
  const shortest = Math.min(...inPasswords);
  expect(shortest, `${what} took ${ms} ms, and then as long as so many passwords`).toBeLessThan(PASSWORDS);
  return value;
}
