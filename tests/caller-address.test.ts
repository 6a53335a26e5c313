import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { sql } from "@/db/client";
import { addressOf, callerLimit } from "@/lib/access/ip-address";
import { limitAttempts } from "@/lib/users/attempts";
import { call } from "./support/api";
import { createPerson } from "./support/world";

const from = (forwarded: string) => addressOf(new Headers({ "x-forwarded-for": forwarded }));

describe("The caller's address", () => {
  it.each([
    ["192.0.2.1", "192.0.2.1"],
    ["192.0.2.1:50817", "192.0.2.1"],
    ["203.0.113.9, 192.0.2.1:443", "192.0.2.1"],
    ["[2001:db8::1]:443", "2001:db8::1"],
    ["[2001:db8::1]", "2001:db8::1"],
    ['"[2001:db8::1]:443"', "2001:db8::1"],
    ["2001:DB8:0:0::1", "2001:db8::1"],
    ["fe80::1%eth0", "fe80::1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["[::ffff:192.0.2.1]:80", "192.0.2.1"],
  ])("is read from %s", (forwarded, address) => {
    expect(from(forwarded)).toBe(address);
  });

  it.each([
    "unknown",
    "_hidden",
    "192.0.2.1:port",
    "192.0.2",
    "3221225985",
    "0x7f.1",
    "1.2.3.4.5",
    "[2001:db8::1",
    "",
    ",",
  ])("is none in %s", (forwarded) => {
    expect(from(forwarded)).toBeNull();
  });
});

describe("A limit per caller", () => {
  beforeEach(() => sql()`delete from rate_limits`);

  /** Counts a try to sign in from each address, each with another e-mail; answers how many were too many. */
  async function refused(addresses: string[]): Promise<number> {
    const tries = addresses.map((address) =>
      limitAttempts({ purpose: "login", ip: from(address), email: `${randomUUID()}@example.com` }),
    );
    return (await Promise.allSettled(tries)).filter(({ status }) => status === "rejected").length;
  }

  it("counts a whole IPv6 /64 as one, and the next /64 as another", async () => {
    const addresses = Array.from({ length: 16 }, (_, index) => `2001:db8:7:1:${(index * 4097).toString(16)}::${index}`);
    // At least: a minute may end in between.
    expect(await refused(addresses)).toBeGreaterThanOrEqual(6);
    expect(await refused(["2001:db8:7:2::1"])).toBe(0);
    const [first, second] = ["2001:db8:7:1::1", "2001:db8:7:1:ffff::2"].map((ip) => callerLimit("x", ip, LIMIT).bucket);
    expect(first).toBe(second);
    expect(callerLimit("x", "192.0.2.1", LIMIT).bucket).not.toBe(callerLimit("x", "192.0.2.2", LIMIT).bucket);
  });

  it("tells callers apart behind a proxy that writes their ports", async () => {
    expect(await refused(Array.from({ length: 16 }, (_, index) => `192.0.2.7:${50_000 + index}`))).toBeGreaterThan(5);
    expect(await refused(["192.0.2.8:50000"])).toBe(0);
  });

  it("locks nobody else out when callers cannot be told apart, and still bounds all of them", async () => {
    const { email, password } = await createPerson();
    expect(await refused(Array.from({ length: 400 }, () => "unknown"))).toBe(0);
    const headers = { "x-forwarded-for": "unknown" };
    expect((await call("POST", "/api/auth/login", { body: { email, password }, headers })).status).toBe(200);
    expect(await refused(Array.from({ length: 700 }, () => "unknown"))).toBeGreaterThan(50);
  });
});

const LIMIT = { limit: 5, windowSeconds: 60 };
