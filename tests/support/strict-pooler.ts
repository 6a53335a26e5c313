import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** What PgBouncer tells apart by itself; it ends a connection that asks for another setting. */
const KNOWN = [
  "user",
  "database",
  "client_encoding",
  "datestyle",
  "timezone",
  "standard_conforming_strings",
  "application_name",
];

const SSL_REQUEST = 80_877_103;

/** A pooler as strict as PgBouncer about what a connection begins with, in front of a server on 127.0.0.1. */
export async function startStrictPooler(serverPort: number) {
  const seen: string[][] = [];
  const server = createServer((client) => {
    client.on("error", () => client.destroy());
    client.once("data", (first: Buffer) => {
      if (first.readInt32BE(4) === SSL_REQUEST) {
        client.write("N");
        client.once("data", (start: Buffer) => begin(client, start));
      } else begin(client, first);
    });
  });

  function begin(client: Socket, start: Buffer): void {
    const names = start
      .subarray(8)
      .toString("utf8")
      .split("\0")
      .filter((_, index, all) => index % 2 === 0 && index < all.length - 2)
      .filter(Boolean);
    seen.push(names);
    const unknown = names.find((name) => !KNOWN.includes(name.toLowerCase()));
    if (unknown !== undefined) return void client.end(errorOf(`unsupported startup parameter: ${unknown}`));
    const upstream = connect(serverPort, "127.0.0.1");
    upstream.on("error", () => client.destroy());
    upstream.write(start);
    client.pipe(upstream).pipe(client);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    /** The settings that each connection began with. */
    seen,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** An ErrorResponse of PostgreSQL's protocol. */
function errorOf(message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C08P01\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}
