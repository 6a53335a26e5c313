import { afterEach, describe, expect, test, vi } from "vitest";
import { sql } from "@/db/client";
import { decrypt, encrypt, isCurrent } from "@/lib/base/crypto";
import { forgetEnv } from "@/lib/base/env";
import { checkCanary } from "@/lib/keys/encryption-canary";

const OTHER_KEY = "ff".repeat(32);

function withKeys(keys: Record<string, string>) {
  for (const [name, value] of Object.entries(keys)) vi.stubEnv(name, value);
  forgetEnv();
}

afterEach(() => {
  vi.unstubAllEnvs();
  forgetEnv();
});

describe("a ciphertext", () => {
  test("opens to the text that was sealed, and two of one text differ", () => {
    const sealed = encrypt("sk-or-v1-ü", "row 1");
    expect(decrypt(sealed, "row 1")).toBe("sk-or-v1-ü");
    expect(encrypt("sk-or-v1-ü", "row 1")).not.toBe(sealed);
  });

  test("does not open when any one of its characters is another", () => {
    const sealed = encrypt("sk-or-v1-0123456789abcdef", "row 1");
    for (let index = 0; index < sealed.length; index++) {
      for (const other of ["A", "b", "_", "."]) {
        if (sealed[index] === other) continue;
        const forged = sealed.slice(0, index) + other + sealed.slice(index + 1);
        expect(() => decrypt(forged, "row 1"), `position ${index}`).toThrow();
      }
    }
    expect(() => decrypt(`${sealed}=`, "row 1")).toThrow();
    expect(() => decrypt(sealed.slice(0, -1), "row 1")).toThrow();
  });

  test("does not open in another place", () => {
    expect(() => decrypt(encrypt("secret", "api_keys.1.ciphertext"), "api_keys.2.ciphertext")).toThrow();
  });

  test("opens with an old key as long as it is configured, and says that it wants renewal", () => {
    const sealed = encrypt("secret", "row");
    const old = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    withKeys({ ENCRYPTION_KEY: OTHER_KEY, ENCRYPTION_KEYS_OLD: old });
    expect(decrypt(sealed, "row")).toBe("secret");
    expect(isCurrent(sealed)).toBe(false);
    withKeys({ ENCRYPTION_KEY: OTHER_KEY, ENCRYPTION_KEYS_OLD: "" });
    expect(() => decrypt(sealed, "row")).toThrow(/No ENCRYPTION_KEY/);
  });
});

describe("the start", () => {
  test("accepts the key that the database was written with and refuses another", async () => {
    await checkCanary();
    await checkCanary();
    withKeys({ ENCRYPTION_KEY: OTHER_KEY });
    await expect(checkCanary()).rejects.toThrow("ENCRYPTION_KEY is not the one that this database was written with");
    const [row] = await sql()`select count(*)::int as count from settings where name = 'encryption_canary'`;
    expect(row?.count).toBe(1);
  });
});
