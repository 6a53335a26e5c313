import { createHash } from "node:crypto";

/** Lower-case hex SHA-256: OpenRouter's key hash when given the whole key, and the stem of Broadcast's trace ids. */
export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** A version 4 shaped UUID that depends on the text alone. */
export function stableUuid(text: string): string {
  const hex = sha256(text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
