import { chown, copyFile, open, stat, truncate } from "node:fs/promises";
import type { Installation } from "./installation";

const MOST_BYTES = 5_000_000;

/** Makes PostgreSQL's log, or moves it to `.1` when it has grown, so that it never takes more than twice its limit. */
export async function boundLogFile({ logFile, identity }: Installation, limit = MOST_BYTES): Promise<void> {
  const handle = await open(logFile, "a", 0o600);
  await handle.close();
  if (identity.uid !== undefined && identity.gid !== undefined) await chown(logFile, identity.uid, identity.gid);
  if ((await stat(logFile)).size <= limit) return;
  // The server appends to the open file: it is emptied in place, not renamed away.
  await copyFile(logFile, `${logFile}.1`);
  await truncate(logFile);
}

/** What was logged from an offset on. */
export async function readLogFrom(logFile: string, offset: number): Promise<string> {
  const handle = await open(logFile, "r");
  try {
    const length = Math.max(0, (await handle.stat()).size - offset);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}
