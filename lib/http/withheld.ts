import "server-only";
import type { OutgoingHttpHeaders, ServerResponse } from "node:http";

/** An answer as it would have left. */
export type Withheld = { status: number; headers: OutgoingHttpHeaders; body: Buffer };

/**
 * Lets somebody write an answer that does not leave: it resolves when they have ended it, with nothing sent and the response free for
 * `release`. Undefined when the caller hung up first.
 */
export function withhold(response: ServerResponse): Promise<Withheld | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    response.once("close", () => resolve(undefined));
    const take = (chunk: unknown, encoding: unknown) => {
      if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
      if (typeof chunk === "string")
        chunks.push(Buffer.from(chunk, Buffer.isEncoding(String(encoding)) ? (encoding as BufferEncoding) : "utf8"));
    };
    const done = (given: unknown[]) => {
      const callback = given.find((one) => typeof one === "function");
      if (callback) process.nextTick(callback as () => void);
    };
    Object.assign(response, {
      flushHeaders: () => {},
      writeHead: (status: number, ...given: unknown[]) => {
        response.statusCode = status;
        const headers = given.find((one) => typeof one === "object");
        for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
        return response;
      },
      write: (...given: unknown[]) => {
        take(given[0], given[1]);
        done(given);
        return true;
      },
      end: (...given: unknown[]) => {
        take(given[0], given[1]);
        done(given);
        resolve({ status: response.statusCode, headers: response.getHeaders(), body: Buffer.concat(chunks) });
        return response;
      },
    });
  });
}

/** Sends what was withheld, or anything else in its place. */
export function release(response: ServerResponse, body: Buffer): void {
  for (const name of ["flushHeaders", "writeHead", "write", "end"]) Reflect.deleteProperty(response, name);
  response.end(body);
}
