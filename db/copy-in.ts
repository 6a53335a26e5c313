import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";

/**
 * Sends rows in COPY's text format to a `copy … from stdin`. For postgres.js the statement is settled as soon as it may send, so what the server refuses once it has
 * all rows (a key that is there, a trigger) would reach nobody, and waiting would never end: here it ends the stream.
 */
export async function copyIn(
  statement: { writable(): Promise<Writable> },
  rows: Iterable<string> | AsyncIterable<Buffer>,
): Promise<void> {
  const target = await statement.writable();
  Object.assign(statement, { reject: (error: Error) => target.destroy(error) });
  await pipeline(Readable.from(rows), target);
}
