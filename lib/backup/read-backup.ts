import "server-only";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import type { z } from "zod";
import { BackupError } from "./backup-error";
import { END_OF_ROWS, FileEnd, Header, type Table, TableEnd, TableLine } from "./format";

export type Part =
  | { kind: "header"; header: Header }
  | { kind: "table"; table: Table }
  | { kind: "rows"; data: Buffer }
  | { kind: "table end" };

/** Reads a backup part by part and holds it against its checksums. Throws BackupError when it is damaged, cut off, or no backup at all. */
export async function* readBackup(file: string): AsyncGenerator<Part> {
  const lines = readLines(file);
  yield { kind: "header", header: parse(Header, await nextLine(lines)) };
  for (let tables = 0; ; tables++) {
    const line = await nextLine(lines);
    if (FileEnd.safeParse(toJson(line)).success) {
      if (parse(FileEnd, line).tables !== tables) throw damaged();
      return;
    }
    yield { kind: "table", table: parse(TableLine, line) };
    yield* readRows(lines);
    yield { kind: "table end" };
  }
}

/** Reads a backup to its end: everything is there and unchanged. Answers its header. */
export async function verifyBackup(file: string): Promise<Header> {
  let header: Header | undefined;
  for await (const part of readBackup(file)) if (part.kind === "header") header = part.header;
  if (!header) throw damaged();
  return header;
}

async function* readRows(lines: AsyncIterator<Buffer>): AsyncGenerator<Part> {
  const digest = createHash("sha256");
  const end = `${END_OF_ROWS}\n`;
  let rows = 0;
  let waiting: Buffer[] = [];
  let size = 0;
  for (;;) {
    const line = await nextLine(lines);
    const isEnd = line.length === end.length && line.toString() === end;
    if (!isEnd) {
      rows++;
      waiting.push(line);
      size += line.length;
    }
    if (size > 0 && (isEnd || size >= 65_536)) {
      const data = Buffer.concat(waiting);
      digest.update(data);
      yield { kind: "rows", data };
      waiting = [];
      size = 0;
    }
    if (isEnd) break;
  }
  const told = parse(TableEnd, await nextLine(lines));
  if (told.rows !== rows || told.sha256 !== digest.digest("hex")) throw damaged();
}

/** Lines with their line feeds. */
async function* readLines(file: string): AsyncGenerator<Buffer> {
  const source = createReadStream(file);
  const plain = source.pipe(createGunzip());
  source.once("error", (error) => plain.destroy(error));
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of plain as AsyncIterable<Buffer>) {
      const text = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let start = 0;
      for (let at = text.indexOf(10); at !== -1; at = text.indexOf(10, start)) {
        yield text.subarray(start, at + 1);
        start = at + 1;
      }
      rest = text.subarray(start);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new BackupError(`There is no file ${file}`);
    if (code?.startsWith("Z_")) throw damaged();
    throw error;
  }
}

async function nextLine(lines: AsyncIterator<Buffer>): Promise<Buffer> {
  const { value, done } = await lines.next();
  if (done) throw damaged();
  return value;
}

function toJson(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString("utf8"));
  } catch {
    return undefined;
  }
}

function parse<S extends z.ZodType>(schema: S, line: Buffer): z.output<S> {
  const result = schema.safeParse(toJson(line));
  if (!result.success) throw damaged();
  return result.data;
}

const damaged = () => new BackupError("The file is damaged, incomplete, or no backup of OpenRouter Monitor");
