import "server-only";
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { env } from "./env";

const VERSION = "v1";
const CIPHER = "aes-256-gcm";

/** SHA-256 as lower-case hex. */
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The first 8 hex digits of a key's SHA-256 name it in a ciphertext, so that we know which one opens it. */
const keyId = (key: Buffer): string => createHash("sha256").update(key).digest("hex").slice(0, 8);

/**
 * Encrypts with ENCRYPTION_KEY: `v1.<key id>.<nonce>.<ciphertext>.<tag>` (base64url parts). `boundTo` names the row and column:
 * the same text moved elsewhere does not open.
 */
export function encrypt(plaintext: string, boundTo: string): string {
  const key = env().ENCRYPTION_KEY;
  const nonce = randomBytes(12);
  const cipher = createCipheriv(CIPHER, key, nonce);
  cipher.setAAD(Buffer.from(`${VERSION}.${keyId(key)}.${boundTo}`));
  const body = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
  return [VERSION, keyId(key), nonce, body, cipher.getAuthTag()]
    .map((part) => (typeof part === "string" ? part : part.toString("base64url")))
    .join(".");
}

/** Opens what `encrypt` made, with the present key or an old one. Throws when a single bit differs or the row is another. */
export function decrypt(sealed: string, boundTo: string): string {
  const parts = sealed.split(".");
  const [version, id, nonce, body, tag] = parts;
  if (parts.length !== 5 || version !== VERSION || !id || !nonce || body === undefined || !tag) {
    throw new Error("The ciphertext is malformed");
  }
  const key = [env().ENCRYPTION_KEY, ...env().ENCRYPTION_KEYS_OLD].find((candidate) => keyId(candidate) === id);
  if (!key) throw new Error(`No ENCRYPTION_KEY with id ${id} is configured`);
  const decipher = createDecipheriv(CIPHER, key, canonicalBytes(nonce), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(`${version}.${id}.${boundTo}`));
  decipher.setAuthTag(canonicalBytes(tag));
  return Buffer.concat([decipher.update(canonicalBytes(body)), decipher.final()]).toString("utf8");
}

/** Whether a ciphertext was made with the present key; the others await rotation. */
export const isCurrent = (sealed: string): boolean => sealed.startsWith(CURRENT_PREFIX());

/** How every ciphertext made with the present key begins. */
export const CURRENT_PREFIX = (): string => `${VERSION}.${keyId(env().ENCRYPTION_KEY)}.`;

/** base64url has spare bits and Node ignores foreign characters: only the one canonical spelling may open. */
function canonicalBytes(text: string): Buffer {
  const bytes = Buffer.from(text, "base64url");
  if (bytes.toString("base64url") !== text) throw new Error("The ciphertext is malformed");
  return bytes;
}
