import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { sql } from "@/db/client";
import { requireToken } from "@/lib/access/require-token";
import { looksLikeApiToken, newApiToken } from "@/lib/access/token-format";
import type { Viewer } from "@/lib/access/viewer";
import { forgetEnv } from "@/lib/base/env";
import { CreateToken } from "@/lib/tokens/schema";
import { createToken, listTokens, revokeToken, rotateToken } from "@/lib/tokens/tokens";
import { createPerson, requestTo } from "./support/world";

const PAGE = { page: 1, limit: 100 };
const asked = (given: object = {}) => CreateToken.parse({ name: "Grafana", ...given });
const showing = (token?: string) =>
  new Request("http://localhost/api/v1/stats", {
    headers: { "x-forwarded-for": "192.0.2.1", ...(token && { authorization: `Bearer ${token}` }) },
  });

let ann: Viewer;
let bob: Viewer;

beforeAll(async () => {
  ann = (await createPerson()).viewer;
  bob = (await createPerson()).viewer;
});

describe("An API token", () => {
  it("is told once, kept as a hash, and opens the team's data", async () => {
    const created = await createToken(ann, asked());
    expect(created.scopes).toEqual(["read:stats", "read:usage", "read:keys", "read:metrics"]);
    expect(looksLikeApiToken(created.token)).toBe(true);
    const [row] = await sql()`select * from api_tokens where id = ${created.id}`;
    expect(JSON.stringify(row)).not.toContain(created.token);
    const { viewer, rate } = await requireToken(showing(created.token));
    expect(viewer).toMatchObject({ teamId: ann.teamId, tokenId: created.id });
    expect(rate).toMatchObject({ limit: 100, remaining: 99 });
    const { items } = await listTokens(ann, PAGE);
    expect(items[0]).toMatchObject({ id: created.id, is_active: true, last_used_at: expect.any(String) });
    expect(JSON.stringify(items)).not.toContain(created.token);
    await revokeToken(ann, { id: created.id });
  });

  it("is refused at the next request after it was revoked, and may be revoked again", async () => {
    const { id, token } = await createToken(ann, asked());
    await revokeToken(ann, { id });
    await revokeToken(ann, { id });
    await expect(requireToken(showing(token))).rejects.toMatchObject({ code: "unauthorized" });
    expect((await listTokens(ann, PAGE)).items.find((item) => item.id === id)).toMatchObject({ is_active: false });
  });

  it("changes its secret at once when it is rotated, but not after its end", async () => {
    const { id, token } = await createToken(ann, asked({ expires_in_days: 3 }));
    const rotated = await rotateToken(ann, { id });
    await expect(requireToken(showing(token))).rejects.toMatchObject({ code: "unauthorized" });
    expect((await requireToken(showing(rotated.token))).viewer.tokenId).toBe(id);
    await sql()`update api_tokens set expires_at = now() - interval '1 second' where id = ${id}`;
    await expect(requireToken(showing(rotated.token))).rejects.toMatchObject({ code: "unauthorized" });
    await expect(rotateToken(ann, { id })).rejects.toMatchObject({ code: "conflict" });
  });

  it("of Ann is untouchable to Bob", async () => {
    const { id } = await createToken(ann, asked());
    for (const verb of [revokeToken, rotateToken]) {
      await expect(verb(bob, { id })).rejects.toMatchObject({ code: "forbidden" });
      await expect(verb(bob, { id: 2_000_000_000 })).rejects.toMatchObject({ code: "not_found" });
    }
    expect((await listTokens(bob, PAGE)).items).toEqual([]);
    await revokeToken(ann, { id });
  });

  it("is one of at most five, however many are asked for at once", async () => {
    const cara = (await createPerson()).viewer;
    const results = await Promise.allSettled(Array.from({ length: 12 }, () => createToken(cara, asked())));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
    expect((await listTokens(cara, PAGE)).items).toHaveLength(5);
    await sql()`update api_tokens set expires_at = now() where team_id = ${cara.teamId}`;
    await expect(createToken(cara, asked())).resolves.toMatchObject({ name: "Grafana" });
  });

  it("takes one scope from a form, and no unknown one", () => {
    expect(asked({ scopes: "read:keys" }).scopes).toEqual(["read:keys"]);
    expect(asked({ scopes: ["read:usage", "read:stats", "read:usage"] }).scopes).toEqual(["read:stats", "read:usage"]);
    expect(CreateToken.safeParse({ name: "x", scopes: ["write:keys"] }).success).toBe(false);
    expect(CreateToken.safeParse({ name: " " }).success).toBe(false);
  });
});

describe("The rate limit", () => {
  it("counts every request exactly, however many come at once", async () => {
    const dora = (await createPerson()).viewer;
    const { token } = await createToken(dora, asked());
    const results = await Promise.allSettled(Array.from({ length: 130 }, () => requireToken(showing(token))));
    const left = results.flatMap((result) => (result.status === "fulfilled" ? [result.value.rate.remaining] : []));
    expect(left.toSorted((a, b) => b - a)).toEqual(Array.from({ length: 100 }, (_, index) => 99 - index));
    const refusal = results.find((result) => result.status === "rejected");
    expect(refusal?.reason).toMatchObject({
      code: "too_many_requests",
      extra: { retryAfterSeconds: expect.any(Number) },
    });
  });

  it("holds over several processes, each of which counts its requests together", async () => {
    const gus = (await createPerson()).viewer;
    const { token } = await createToken(gus, asked());
    const instances = [requireToken];
    for (let copy = 0; copy < 2; copy++) {
      vi.resetModules();
      instances.push((await import("@/lib/access/require-token")).requireToken);
    }
    const asking = Array.from({ length: 120 }, (_, index) => instances[index % 3]?.(showing(token)));
    const results = await Promise.allSettled(asking);
    const left = results.flatMap((result) => (result.status === "fulfilled" ? [result.value?.rate.remaining] : []));
    expect(left.toSorted((a, b) => Number(b) - Number(a))).toEqual(
      Array.from({ length: 100 }, (_, index) => 99 - index),
    );
  });

  it("begins anew with its window", async () => {
    const eve = (await createPerson()).viewer;
    const { id, token } = await createToken(eve, asked());
    await requireToken(showing(token));
    await sql()`update rate_limits set count = 100, window_start = window_start - interval '1 hour' where bucket = ${`token:${id}`}`;
    expect((await requireToken(showing(token))).rate.remaining).toBe(99);
  });

  it("lets an address guess 30 times a minute, with made-up tokens and without any", async () => {
    // Other tests guess too, but not from here.
    const headers = { "x-forwarded-for": "203.0.113.77" };
    const guess = (token?: string) =>
      requireToken(requestTo("/api/v1/stats", { token, headers })).catch((error: unknown) => error);
    const errors: unknown[] = [];
    for (let count = 0; count < 61; count++) errors.push(await guess(count % 2 ? newApiToken() : undefined));
    const codes = errors.map((error) => (error as { code: string }).code);
    expect(codes.slice(0, 30)).toEqual(Array(30).fill("unauthorized"));
    // Whenever the minute ends meanwhile, one of the two got more than 30.
    expect(codes.slice(30)).toContain("too_many_requests");
  });

  it("follows its settings", async () => {
    vi.stubEnv("RATE_LIMIT_REQUESTS", "2");
    forgetEnv();
    const fay = (await createPerson()).viewer;
    const { token } = await createToken(fay, asked({ name: randomUUID() }));
    expect((await requireToken(showing(token))).rate).toMatchObject({ limit: 2, remaining: 1 });
    vi.unstubAllEnvs();
    forgetEnv();
  });
});
