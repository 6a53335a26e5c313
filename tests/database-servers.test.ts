import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { checkDatabase } from "@/db/check/check-database";
import { type EmbeddedServer, startServer } from "@/db/embedded/server";
import { openPool, withConnection } from "@/db/open-pool";
import { newDatabase, start } from "./support/own-database";
import { makeCertificate } from "./support/reverse-proxies";

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

/** Another way to a server on 127.0.0.1. */
async function leadTo(serverPort: number, listen: (server: Server) => void): Promise<Server> {
  const server = createServer((client) => {
    const upstream = connect(serverPort, "127.0.0.1");
    for (const socket of [client, upstream]) socket.on("error", () => socket.destroy());
    client.pipe(upstream).pipe(client);
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.once("listening", resolve);
    listen(server);
  });
  return server;
}

describe("a server is reached", () => {
  it("by its Unix socket in every spelling", async () => {
    const database = await newDatabase();
    const { port, username, password, pathname } = new URL(database.url);
    const folder = await mkdtemp(path.join(tmpdir(), "monitor-socket-"));
    await leadTo(Number(port), (server) => server.listen(path.join(folder, ".s.PGSQL.5432")));
    const login = `${username}:${password}`;
    for (const url of [
      `postgresql://${pathname}?host=${folder}&user=${username}&password=${password}`,
      `postgresql://${login}@${encodeURIComponent(folder)}${pathname}`,
      `postgresql://${login}@${pathname}?host=${folder}`,
      `host=${folder} user=${username} password=${password} dbname=${pathname.slice(1)}`,
    ])
      await start(url);
    await rm(folder, { recursive: true });
  });

  it("by an IPv6 address, and by the second of two where the first is away", async () => {
    const database = await newDatabase();
    const { port, username, password, pathname } = new URL(database.url);
    const server = await leadTo(Number(port), (one) => one.listen(0, "::1"));
    const there = `[::1]:${(server.address() as AddressInfo).port}`;
    for (const hosts of [there, `127.0.0.1:9,${there}`])
      await start(`postgresql://${username}:${password}@${hosts}${pathname}`);
  });
});

it("Where every server is away each statement fails, and none waits for a connection that was lost", async () => {
  const sql = openPool("postgresql://127.0.0.1:9,[::1]:9/none?user=u", { max: 1, backoff: () => 0.01 });
  for (let turn = 0; turn < 3; turn++) await expect(sql`select 1`).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await sql.end();
});

describe("of several servers", () => {
  let readOnly: EmbeddedServer;
  let writable: EmbeddedServer;
  let folders: string[];

  beforeAll(async () => {
    folders = await Promise.all([1, 2].map(() => mkdtemp(path.join(tmpdir(), "monitor-pair-"))));
    [readOnly, writable] = (await Promise.all(
      folders.map((dataDir) => startServer({ dataDir, password: "the same for both", durable: false })),
    )) as [EmbeddedServer, EmbeddedServer];
    await withConnection(readOnly.urlOf("postgres", "postgres"), "tests", async (sql) => {
      await sql`alter system set default_transaction_read_only = on`;
      await sql`select pg_reload_conf()`;
    });
  }, 120_000);
  afterAll(async () => {
    for (const server of [readOnly, writable]) await server.stop("immediate");
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

  it.each([
    ["read-write", () => writable],
    ["read-only", () => readOnly],
    ["primary", () => readOnly],
    ["prefer-standby", () => readOnly],
    ["any", () => readOnly],
  ])("the one is taken that is %s", async (wanted, expected) => {
    const url = writable.urlOf("monitor", "monitor_owner");
    const both = url.replace("@127.0.0.1:", `@127.0.0.1:${readOnly.port},127.0.0.1:`);
    const [row] = await withConnection(`${both}&target_session_attrs=${wanted}`, "tests", (sql) => sql`show port`);
    expect(row?.port).toBe(String(expected().port));
  });

  it("one with TLS is proven as far as sslmode asks, and spoken to in the clear where it forbids TLS", async () => {
    const { certificate, key } = makeCertificate(folders[0] ?? "");
    await withConnection(writable.urlOf("postgres", "postgres"), "tests", async (sql) => {
      for (const [name, file] of [
        ["ssl_cert_file", certificate],
        ["ssl_key_file", key],
        ["ssl", "on"],
      ] as const)
        await sql.unsafe(`alter system set ${name} = '${file}'`);
      await sql`select pg_reload_conf()`;
    });
    const isEncrypted = (query: string, host = "localhost") => {
      const url = writable
        .urlOf("monitor", "monitor_owner")
        .replace("sslmode=disable", query)
        .replace("127.0.0.1", host);
      return withConnection(url, "tests", async (sql) => {
        const [row] = await sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`;
        return row?.ssl;
      });
    };
    await expect.poll(() => isEncrypted("sslmode=require").catch(() => false)).toBe(true);
    expect(await isEncrypted("")).toBe(true);
    expect(await isEncrypted("sslmode=disable")).toBe(false);
    expect(await isEncrypted(`sslmode=verify-full&sslrootcert=${certificate}`)).toBe(true);
    expect(await isEncrypted(`sslmode=verify-ca&sslrootcert=${certificate}`, "127.0.0.1")).toBe(true);
    await expect(isEncrypted(`sslmode=verify-full&sslrootcert=${certificate}`, "127.0.0.1")).rejects.toThrow(
      /altnames|IP/,
    );
    await expect(isEncrypted("sslmode=verify-full")).rejects.toThrow(/self-signed/);
  });

  it("none is taken where none is as wanted, and the start says so", async () => {
    const url = `${writable.urlOf("monitor", "monitor_owner")}&target_session_attrs=standby`;
    await expect(checkDatabase(url)).rejects.toThrow(
      "No server of DATABASE_URL is as target_session_attrs=standby asks",
    );
  });
});
