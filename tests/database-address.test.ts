import { userInfo } from "node:os";
import { describe, expect, it } from "vitest";
import { readAddress } from "@/db/address/read-address";
import { EnvError } from "@/lib/base/env";

const SOCKET = { path: "/run/postgresql/.s.PGSQL.5432" };
const at = (host: string, port = 5432, name = host) => ({ host, port, name });

describe("an address", () => {
  it.each([
    ["postgresql:///shop?host=/run/postgresql", [SOCKET]],
    ["postgresql://%2Frun%2Fpostgresql/shop", [SOCKET]],
    ["postgresql://ann@/shop?host=/run/postgresql", [SOCKET]],
    ["postgresql://ann@%2Frun%2Fpostgresql:5433/shop", [{ path: "/run/postgresql/.s.PGSQL.5433" }]],
    ["host=/run/postgresql dbname=shop", [SOCKET]],
    ["postgresql://[::1]/shop", [at("::1")]],
    ["postgresql://ann:pw@[2001:db8::1]:6432/shop", [at("2001:db8::1", 6432)]],
    ["host=::1 dbname=shop", [at("::1")]],
    ["postgres://db.example.com/shop", [at("db.example.com")]],
    ["postgres://a,b:5433,[::1]:5434/shop", [at("a"), at("b", 5433), at("::1", 5434)]],
    ["host=a,b port=5433 dbname=shop", [at("a", 5433), at("b", 5433)]],
    ["host=a,b port=1,2 dbname=shop", [at("a", 1), at("b", 2)]],
    ["host=db.example.com hostaddr=192.0.2.7 dbname=shop", [at("192.0.2.7", 5432, "db.example.com")]],
    ["postgresql://other/shop?host=db.example.com&port=6000", [at("db.example.com", 6000)]],
  ])("%s leads to its servers", (text, hosts) => {
    expect(readAddress(text)).toMatchObject({ hosts, database: "shop", ignored: [] });
  });

  it.each([
    ["postgresql://ann:s%40crt%2F@h/shop", "ann", "s@crt/", "shop"],
    ["postgresql://ann:s@crt@h/shop", "ann", "s@crt", "shop"],
    ["postgresql://ann:a#b&c@h/my%20shop", "ann", "a#b&c", "my shop"],
    ["postgresql://h/shop?user=ann&password=p%26w", "ann", "p&w", "shop"],
    ["postgresql://ann@h", "ann", undefined, "ann"],
    [String.raw`host=h user=ann password = 'it\'s a \\' dbname=shop`, "ann", String.raw`it's a \ `.trim(), "shop"],
    ["host=h dbname=shop", userInfo().username, undefined, "shop"],
  ])("%s says who comes to which database", (text, user, password, database) => {
    expect(readAddress(text)).toMatchObject({ user, password, database });
  });

  it.each([
    ["", "prefer"],
    ["sslmode=disable", false],
    ["ssl=false", false],
    ["sslmode=prefer", "prefer"],
    ["sslmode=allow", "prefer"],
    ["sslmode=require", { rejectUnauthorized: false }],
    ["sslmode=no-verify", { rejectUnauthorized: false }],
    ["ssl=true", { rejectUnauthorized: false }],
    ["sslaccept=strict&ssl=true", { rejectUnauthorized: true }],
    ["sslmode=verify-full", { rejectUnauthorized: true }],
    ["sslrootcert=system", { rejectUnauthorized: true }],
    ["sslmode=require&sslrootcert=package.json", { rejectUnauthorized: true, ca: expect.any(Buffer) }],
    ["sslmode=verify-ca", { rejectUnauthorized: true, checkServerIdentity: expect.any(Function) }],
    [
      "sslmode=verify-full&sslcert=package.json&sslkey=package.json",
      { cert: expect.any(Buffer), key: expect.any(Buffer) },
    ],
    ["sslmode=require&ssl_min_protocol_version=TLSv1.3", { minVersion: "TLSv1.3" }],
  ])("with %s is encrypted so", (query, tls) => {
    const found = readAddress(`postgresql://h/shop?${query}`).tls;
    expect(typeof tls === "object" ? { ...(found as object) } : found).toEqual(
      typeof tls === "object" ? expect.objectContaining(tls) : tls,
    );
  });

  it("of a Unix socket asks for no TLS, whatever it says", () => {
    expect(readAddress("postgresql:///shop?host=/run/postgresql&sslmode=require").tls).toBe(false);
  });

  it.each([
    ["pgbouncer=true", { isPooled: true }],
    ["schema=public", { schema: "public" }],
    ["currentSchema=Mine", { schema: "Mine" }],
    ["search_path=mine", { schema: "mine" }],
    ["options=-c%20work_mem%3D64MB", { options: "-c work_mem=64MB" }],
    ["connect_timeout=11", { connectSeconds: 11 }],
    ["connect_timeout=0", { connectSeconds: 5 }],
    ["target_session_attrs=read-write", { wanted: "read-write" }],
    ["load_balance_hosts=random", { shuffle: true }],
    ["sslnegotiation=direct", { isDirectTls: true }],
  ])("does what %s says", (query, meaning) => {
    expect(readAddress(`postgresql://h/shop?${query}`)).toMatchObject({ ...meaning, ignored: [] });
  });

  it("as Neon gives it is taken, and what does not count is named", () => {
    const neon = readAddress("postgresql://u:npg_secret@ep-a.eu.neon.tech/db?sslmode=require&channel_binding=require");
    expect(neon.tls).toMatchObject({ rejectUnauthorized: false });
    expect(neon.ignored).toEqual([expect.stringMatching(/^DATABASE_URL: channel_binding is ignored: .*verify-full/)]);
  });

  it.each(["application_name", "client_encoding", "connection_limit", "keepalives_idle", "something_new"])(
    "goes on without %s, and says so in one line without its value",
    (name) => {
      const { ignored } = readAddress(`postgresql://h/shop?${name}=secret`);
      expect(ignored).toEqual([expect.stringMatching(new RegExp(`^DATABASE_URL: ${name} is ignored: \\S.{8,}$`))]);
      expect(ignored.join()).not.toContain("secret");
    },
  );

  it.each([
    ["postgresql://u:npg_secret@h/db?service=mine", /service cannot be used: write what stands in the service file/],
    ["postgresql://u:npg_secret@h/db?require_auth=scram-sha-256", /require_auth cannot be used/],
    ["postgresql://u:npg_secret@h/db?gssencmode=require", /gssencmode=require cannot be used/],
    ["postgresql://u:npg_secret@h/db?sslmode=sometimes", /sslmode is one of disable, allow/],
    ["postgresql://u:npg_secret@h/db?sslrootcert=/none/root.crt", /the file of sslrootcert cannot be read \(ENOENT\)/],
    ["postgresql://u:npg_secret@h/db?sslmode=require&sslrootcert=system", /goes with sslmode=verify-full/],
    ["postgresql://u:npg_secret@h/db?ssl_min_protocol_version=SSLv3", /is one of TLSv1.2, TLSv1.3/],
    ["postgresql://u:npg_secret@h/db?pgbouncer=yes", /pgbouncer is one of false, true/],
    ["postgresql://u:npg_secret@h/db?target_session_attrs=best", /target_session_attrs is one of any, read-write/],
    ["postgresql://u:npg_secret@h/db?connect_timeout=soon", /connect_timeout is a number of seconds/],
    ["postgresql://u:npg_secret@h:port/db", /a port is no number/],
    ["postgresql://u:npg_secret/x@h/db", /a port is no number.*\/ is written %2F/],
    ["postgresql://u:npg_secret@h:99999/db", /a port is no number/],
    ["postgresql://u:npg_secret@::1/db", /stands in brackets/],
    ["postgresql://u:npg_secret%@h/db", /write %25/],
    ["postgresql://u:npg_secret@h/db?sslmode", /sslmode has no value/],
    ["host=a,b,c port=1,2 user=u password=npg_secret", /names 3 hosts, and another number/],
    ["host=h user u password=npg_secret", /each name has an =/],
    ["host=h password='npg_secret", /each name has an =/],
  ])("%s is refused in one line that says what to do and repeats no password", (text, line) => {
    const attempt = () => readAddress(text);
    expect(attempt).toThrow(EnvError);
    expect(attempt).toThrow(/^DATABASE_URL is not valid: .+$/);
    expect(attempt).toThrow(line);
    expect(attempt).not.toThrow("npg_secret");
  });
});
