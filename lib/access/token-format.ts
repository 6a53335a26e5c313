import "server-only";
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

export const API_TOKEN_PREFIX = "or_api_";
const RANDOM_BYTES = 30;
const CHECKSUM_LENGTH = 6;
const SHAPE = /^or_api_([A-Za-z0-9_-]{40})([A-Za-z0-9_-]{6})$/;

/** The checksum tells a mistyped or made-up token apart without asking the database. It is no secret. */
const checksum = (random: string): string =>
  createHash("sha256").update(`${API_TOKEN_PREFIX}${random}`).digest("base64url").slice(0, CHECKSUM_LENGTH);

/** A new API token: prefix, 240 random bits, checksum. */
export function newApiToken(): string {
  const random = randomBytes(RANDOM_BYTES).toString("base64url");
  return `${API_TOKEN_PREFIX}${random}${checksum(random)}`;
}

/** Whether a text can be one of our tokens at all. */
export function looksLikeApiToken(text: string): boolean {
  const [, random, check] = SHAPE.exec(text) ?? [];
  return (
    random !== undefined && check !== undefined && timingSafeEqual(Buffer.from(check), Buffer.from(checksum(random)))
  );
}

/** What a list shows of a token: enough to recognise it, useless to guess it. */
export const prefixOf = (token: string): string => token.slice(0, API_TOKEN_PREFIX.length + 6);
