import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";

/**
 * Sends rows in COPY's text format to a `copy … from stdin`, and makes good what postgres.js leaves out at the end of one:
 * - What the server refuses once it has all rows (a key that is there, a trigger) reaches nobody, because the statement counts as settled: waiting would never end.
 * - The server is told of every end that the COPY has failed, even when it went well. It passes over that without an answer, and so the network stack keeps the next
 *   statement back until it has an acknowledgement, 40 ms later.
 */
export async function copyIn(
  statement: { writable(): Promise<Writable> },
  rows: Iterable<string> | AsyncIterable<Buffer>,
): Promise<void> {
  const target = await statement.writable();
  Object.assign(statement, { reject: (error: Error) => target.destroy(error) });
  const fail = target._destroy;
  target._destroy = (error, callback) => (target.writableEnded ? callback(error) : fail.call(target, error, callback));
  await pipeline(Readable.from(rows), target);
}
