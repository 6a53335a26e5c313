import { describe, expect, test } from "vitest";
import { type FaultKind, faultKinds } from "../simulator/faults";
import type { Simulator } from "../simulator/server";
import { call, HAIKU, now, query, withSimulator } from "./simulator-calls";

describe("faults", () => {
  const usage = (answer: Awaited<ReturnType<typeof call>>) => answer.json.data.usage;

  /** What a client sees of `GET /credits` under a fault. */
  async function underFault(own: Simulator, kind: FaultKind) {
    own.faults.add({ kind, match: { path: "/credits" }, times: 1, delayMs: 1 });
    const headers = { authorization: `Bearer ${own.world.managementKey().plaintext}` };
    try {
      const response = await fetch(`${own.url}/credits`, { headers, signal: AbortSignal.timeout(300) });
      return { status: response.status, headers: response.headers, text: await response.text() };
    } catch (error) {
      return { status: 0, headers: new Headers(), text: String(error) };
    }
  }

  test.each(faultKinds)("%s hits one call and no more", (kind) =>
    withSimulator({ world: { keys: 1, days: 1, now } }, async (own) => {
      const good = (await call(own, "/credits", own.world.managementKey().plaintext)).json;
      const { status, headers, text } = await underFault(own, kind);
      const refused = /^(?:status|html)(\d+)$/.exec(kind)?.[1];
      if (refused) expect(status).toBe(Number(refused));
      if (kind.startsWith("status")) expect(JSON.parse(text).error.code).toBe(status);
      if (kind === "status429") expect(headers.get("retry-after")).toBe("1");
      if (kind === "html502") expect(headers.get("content-type")).toContain("text/html");
      if (kind === "hang" || kind === "drop") expect(status).toBe(0);
      if (kind === "slow") expect(JSON.parse(text)).toEqual(good);
      if (kind === "truncated-json") expect(() => JSON.parse(text)).toThrow(SyntaxError);
      if (kind === "string-numbers") expect(JSON.parse(text).data.total_usage).toBe(String(good.data.total_usage));
      if (kind === "missing-fields") expect(JSON.parse(text).data).toEqual({});
      if (kind === "bad-row") expect(JSON.parse(text).data.total_usage).toBe("a lot");
      expect((await call(own, "/credits", own.world.managementKey().plaintext)).json).toEqual(good);
    }),
  );

  test("a bad row comes on top of the good ones", () =>
    withSimulator({ world: { keys: 2, days: 2, now } }, async (own) => {
      const asked = {
        granularity: "hour",
        dimensions: ["model", "api_key_id"],
        metrics: ["credits_usage", "request_count"],
      };
      const good = (await query(own, asked)).data.data;
      own.faults.add({ kind: "bad-row" });
      const [bad, ...rest] = (await query(own, asked)).data.data;
      expect(rest).toEqual(good);
      expect(bad).not.toEqual(good[0]);
    }));

  test("hit by path, caller and body, after some calls, until taken back", () =>
    withSimulator({ world: { keys: 2, days: 1, now } }, async (own) => {
      const [first, second] = [own.world.keyNamed("key-0001"), own.world.keyNamed("key-0002")];
      const byKey = own.faults.add({ kind: "status500", match: { path: "/key", keyHash: first.hash }, after: 1 });
      expect(usage(await call(own, "/key", first.plaintext))).toBeTypeOf("number");
      expect((await call(own, "/key", first.plaintext)).status).toBe(500);
      expect((await call(own, "/key", second.plaintext)).status).toBe(200);
      byKey.remove();
      expect((await call(own, "/key", first.plaintext)).status).toBe(200);
      own.faults.add({
        kind: "status403",
        message: "Not from there",
        match: { method: "POST", path: "/analytics*", bodyIncludes: second.hash },
      });
      const about = (hash: string) => query(own, { filters: [{ field: "api_key_id", operator: "eq", value: hash }] });
      expect((await about(first.hash)).status).toBe(200);
      expect((await about(second.hash)).json.error).toEqual({ code: 403, message: "Not from there" });
      expect(own.requests.filter((entry) => entry.path === "/analytics/query")).toHaveLength(2);
    }));
});

describe("the control paths", () => {
  test("let another process arm faults, add traffic, change keys and settings and read the ledger", () =>
    withSimulator({ world: { keys: 1, days: 0, now } }, async (own) => {
      const control = async (path: string, method = "GET", body?: unknown) => {
        const response = await fetch(`${own.controlUrl}${path}`, {
          method,
          ...(body ? { body: JSON.stringify(body) } : {}),
        });
        return { status: response.status, json: await response.json() };
      };
      const [, key] = (await control("/keys")).json;
      expect(key).toMatchObject({ name: "key-0001", plaintext: own.world.keyNamed("key-0001").plaintext });
      const added = await control("/traffic", "POST", {
        requests: [{ keyHash: key.hash, model: HAIKU, cost: "1.25", at: "2026-11-20T08:00:00Z" }],
      });
      expect(added.status).toBe(201);
      expect((await control("/ledger")).json).toMatchObject({ requests: 1, cost: "1.25" });
      expect((await control(`/ledger?keyHash=${key.hash}&group_by=date,model`)).json).toMatchObject([
        { date: "2026-11-20", model: HAIKU },
      ]);
      expect((await control("/ledger?from=2026-11-21T00:00:00Z")).json.requests).toBe(0);
      expect((await control("/faults", "POST", { kind: "status500", match: { path: "/key" } })).status).toBe(201);
      expect((await call(own, "/key", key.plaintext)).status).toBe(500);
      await control("/faults", "DELETE");
      expect((await call(own, "/key", key.plaintext)).status).toBe(200);
      expect((await control("/requests")).json).toHaveLength(2);
      expect((await control(`/keys/${key.hash}`, "PATCH", { name: "renamed", disabled: true })).json.name).toBe(
        "renamed",
      );
      expect((await call(own, "/key", key.plaintext)).status).toBe(401);
      expect((await control("/settings", "PATCH", { modelShownAs: "name" })).json).toEqual(own.settings);
      expect(own.settings.modelShownAs).toBe("name");
      for (const wrong of [{ modelShownAs: "colour" }, { colour: "red" }])
        expect((await control("/settings", "PATCH", wrong)).status).toBe(400);
      expect((await control("/faults", "POST", { kind: "mischief" })).status).toBe(400);
      expect((await control("/nothing")).status).toBe(404);
    }));
});
