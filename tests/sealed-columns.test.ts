import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { getTableName } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { sql } from "@/db/client";
import { decrypt } from "@/lib/base/crypto";
import { sealKey } from "@/lib/credentials/secret";
import { checkCanary } from "@/lib/keys/encryption-canary";
import { COLUMNS } from "@/lib/keys/rotate";
import { beginTwoFactor } from "@/lib/users/two-factor";
import { plantKey } from "./support/usage";
import { createPerson } from "./support/world";

/** Whoever seals something: a new one of these must be filled below, and its column be in COLUMNS. */
const SEALERS = ["credentials/secret.ts", "keys/encryption-canary.ts", "keys/rotate.ts", "users/second-factor.ts"];
/** The proof that the key fits the database; of no row, and renewed apart from the others. */
const CANARY = { place: "settings.value", boundTo: "encryption_canary" };

type Sealed = { place: string; boundTo: string; text: string };
const sealed: Sealed[] = [];

beforeAll(async () => {
  await checkCanary();
  for (const person of [await createPerson(), await createPerson()]) {
    await beginTwoFactor(person.viewer, { password: person.password });
    const id = await plantKey(person.viewer);
    await sql()`update api_keys set ciphertext = ${sealKey(id, `sk-or-v1-${id}`)} where id = ${id}`;
  }
  const columns = await sql()<{ table_name: string; column_name: string }[]>`
    select table_name, column_name from information_schema.columns
    where table_schema = 'public' and data_type in ('text', 'jsonb')`;
  for (const { table_name: table, column_name: column } of columns) {
    const rows = await sql()<{ row: { id?: number }; text: string }[]>`
      select to_jsonb(t) as row, ${sql()(column)}::text as text from ${sql()(table)} t
      where ${sql()(column)}::text ~ '^v1\\.[0-9a-f]{8}\\.'`;
    for (const { row, text } of rows) {
      const place = `${table}.${column}`;
      sealed.push({ place, text, boundTo: place === CANARY.place ? CANARY.boundTo : `${table}.${row.id}.${column}` });
    }
  }
});

describe("What is sealed in the database", () => {
  it("stands in the columns that rotation knows, each of them tried here", () => {
    const known = COLUMNS.map(({ table, column }) => `${getTableName(table)}.${column.name}`);
    expect([...new Set(sealed.map(({ place }) => place))].sort()).toEqual([...known, CANARY.place].sort());
    for (const { table, column, boundTo } of COLUMNS)
      expect(boundTo(7)).toBe(`${getTableName(table)}.7.${column.name}`);
    const lib = path.join(import.meta.dirname, "../lib");
    const sealers = readdirSync(lib, { recursive: true, encoding: "utf8" }).filter(
      (file) => file.endsWith(".ts") && /import \{[^}]*\bencrypt\b/.test(readFileSync(path.join(lib, file), "utf8")),
    );
    expect(sealers.sort()).toEqual(SEALERS);
  });

  it("does not open when any one bit of it is another", () => {
    for (const { place, boundTo, text } of sealed) {
      expect(decrypt(text, boundTo), place).not.toBe("");
      const bytes = Buffer.from(text);
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const forged = Buffer.from(bytes);
        forged[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => decrypt(forged.toString("latin1"), boundTo), `${place}, bit ${bit}`).toThrow();
      }
    }
  });

  it("does not open in another row or another column", () => {
    for (const here of sealed)
      for (const there of sealed)
        if (here !== there)
          expect(() => decrypt(here.text, there.boundTo), `${here.place} as ${there.boundTo}`).toThrow();
  });
});
