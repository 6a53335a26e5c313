import "server-only";
import { randomBytes, timingSafeEqual } from "node:crypto";
import { sha256 } from "@/lib/base/crypto";

const PREFIX = "orb_";
const RANDOM_BYTES = 32;
const SHAPE = /^orb_[A-Za-z0-9_-]{43}$/;

/** A new secret of a connection: prefix and 256 random bits. Only its SHA-256 is kept. */
export const newSecret = (): string => PREFIX + randomBytes(RANDOM_BYTES).toString("base64url");

/** Whether a text can be one of our secrets at all. */
export const looksLikeSecret = (text: string): boolean => SHAPE.test(text);

/** Whether a text is the secret with this SHA-256, compared in the same time wherever the first difference is. */
export function isSecret(given: string, hash: string): boolean {
  const [expected, actual] = [Buffer.from(hash), Buffer.from(sha256(given))];
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
