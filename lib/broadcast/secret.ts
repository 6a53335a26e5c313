import "server-only";
import { randomBytes, timingSafeEqual } from "node:crypto";
import { sha256 } from "@/lib/crypto";

const PREFIX = "orb_";
const RANDOM_BYTES = 32;
const SHAPE = /^orb_[A-Za-z0-9_-]{43}$/;

/** A new secret of a connection: prefix and 256 random bits. Only its SHA-256 is kept. */
export const newSecret = (): string => PREFIX + randomBytes(RANDOM_BYTES).toString("base64url");

/** Whether a text can be one of our secrets at all. */
export const looksLikeSecret = (text: string): boolean => SHAPE.test(text);

/** Compares in the same time wherever the first difference is. `hash` null (no such connection) takes as long and is never right. */
export function isSecret(given: string, hash: string | null): boolean {
  const expected = Buffer.from(hash ?? "0".repeat(64));
  const actual = Buffer.from(sha256(given));
  return expected.length === actual.length && timingSafeEqual(expected, actual) && hash !== null;
}
