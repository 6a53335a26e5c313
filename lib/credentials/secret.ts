import "server-only";
import { decrypt, encrypt } from "@/lib/base/crypto";

const place = (id: number): string => `api_keys.${id}.ciphertext`;

/** Seals an OpenRouter key for its row. */
export const sealKey = (id: number, key: string): string => encrypt(key, place(id));

/** Opens the key of a row. Hold the result only as long as the call to OpenRouter takes. */
export const openKey = (id: number, ciphertext: string): string => decrypt(ciphertext, place(id));
