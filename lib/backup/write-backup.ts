import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type postgres from "postgres";
import { APPLICATION } from "@/db/application";
import { appliedMigrations } from "@/db/migrate";
import { withConnection } from "@/db/open-pool";
import { readSequences, readTables } from "./catalog";
import { END_OF_ROWS, FORMAT, type Header, type Table, toLine } from "./format";
import { readRows } from "./read-rows";

type Transaction = postgres.TransactionSql;

/**
 * Writes everything that the database holds into one compressed file: as of one moment (a single repeatable-read snapshot), streamed, and under its name only once
 * it is whole and on the disk. Secrets of the instance are not in it. Throws what the database or the disk throws, and leaves nothing behind then.
 */
export async function writeBackup(url: string, file: string, version: string): Promise<{ tables: number }> {
  await mkdir(path.dirname(path.resolve(file)), { recursive: true, mode: 0o700 });
  const draft = `${file}.partial-${randomBytes(4).toString("hex")}`;
  try {
    const tables = await withConnection(url, `${APPLICATION}-backup`, (sql) =>
      sql.begin("isolation level repeatable read read only", (transaction) => writeDraft(transaction, draft, version)),
    );
    await rename(draft, file);
    await syncToDisk(path.dirname(path.resolve(file)));
    return { tables };
  } finally {
    await rm(draft, { force: true });
  }
}

async function writeDraft(transaction: Transaction, draft: string, version: string): Promise<number> {
  const tables = await readTables(transaction);
  const header: Header = {
    format: FORMAT,
    version,
    created_at: new Date().toISOString(),
    migrations: await appliedMigrations(transaction),
    sequences: await readSequences(transaction),
  };
  const target = createWriteStream(draft, { flags: "wx", mode: 0o600 });
  await pipeline(Readable.from(content(transaction, header, tables)), createGzip(), target);
  await syncToDisk(draft);
  return tables.length;
}

async function* content(transaction: Transaction, header: Header, tables: Table[]): AsyncGenerator<string> {
  yield toLine(header);
  for (const { table, columns } of tables) {
    yield toLine({ table, columns });
    const digest = createHash("sha256");
    let rows = 0;
    for await (const batch of readRows(transaction, table, columns)) {
      digest.update(batch.text);
      rows += batch.rows;
      yield batch.text;
    }
    yield `${END_OF_ROWS}\n${toLine({ rows, sha256: digest.digest("hex") })}`;
  }
  yield toLine({ tables: tables.length });
}

/** A rename survives a power failure only once its folder is on the disk, and means something only once the file is. */
async function syncToDisk(fileOrFolder: string): Promise<void> {
  const handle = await open(fileOrFolder, "r");
  await handle.sync().finally(() => handle.close());
}
