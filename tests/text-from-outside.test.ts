import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { db, sql } from "@/db/client";
import { copyIn } from "@/db/copy-in";
import { copyLine } from "@/db/copy-text";
import { recordEvent } from "@/lib/access/record-event";
import { runForm } from "@/lib/action";
import { cut, isStorable, storableJson, wellFormed } from "@/lib/base/text";
import { ConnectionForm } from "@/lib/broadcast/forms";
import { createKey } from "@/lib/keys/create-key";
import { decimal, instant, text } from "@/lib/openrouter/wire";
import { settleRuns } from "@/lib/sync/worker";
import { broadcastBody } from "@/simulator/broadcast";
import { call, document } from "./support/api";
import { booked, keyRow, syncNow, truth } from "./support/books";
import { generationsOf } from "./support/broadcast";
import { send, simulateBroadcast } from "./support/broadcast-account";
import { asSuperuser } from "./support/database";
import { createPerson } from "./support/world";

const { world, spend, connected } = simulateBroadcast();

/** Halves of characters, null bytes, whole emoji and what else 16 bits can be. */
const units = fc
  .array(fc.oneof(fc.constantFrom(0, 0xd83d, 0xde00, 0x41, 0x5c, 0x22, 0x09, 0x0a), fc.nat({ max: 0xffff })), {
    maxLength: 30,
  })
  .map((codes) => String.fromCharCode(...codes));

describe("a text from outside", () => {
  // The application itself makes no tables.
  beforeAll(() => asSuperuser((superuser) => superuser`grant create on schema public to monitor`));

  test("comes out of PostgreSQL as its repaired form, whether it went in as a value, as JSON or by COPY", async () => {
    await sql()`create table texts (id int, by_value text, by_json text, kept jsonb)`;
    await sql()`create table copied (id int, by_copy text)`;
    const texts = fc.sample(units, 500);
    const rows = texts.map((text, id) => ({ id, text }));
    await sql()`
      insert into texts select g.id, v.text, g.text, to_jsonb(g) from jsonb_to_recordset(${storableJson(rows)}::jsonb) as g(id int, text text)
      join unnest(${rows.map(({ id }) => id)}::int[], ${texts.map(wellFormed)}::text[]) as v(id, text) using (id)`;
    await sql().begin(async (transaction) => {
      await copyIn(transaction`copy copied from stdin`, [rows.map(({ id, text }) => copyLine([id, text])).join("")]);
    });
    const stored = await sql()`select * from texts join copied using (id) order by id`;
    expect(stored).toHaveLength(500);
    for (const { id, by_value, by_json, by_copy, kept } of stored) {
      const expected = wellFormed(texts[id] ?? "");
      expect({ by_value, by_json, by_copy, kept: kept.text }).toEqual({
        by_value: expected,
        by_json: expected,
        by_copy: expected,
        kept: expected,
      });
    }
  });

  test("is repaired once and for all, loses no whole character, and is cut between characters", () => {
    fc.assert(
      fc.property(units, fc.nat({ max: 30 }), (text, most) => {
        const repaired = wellFormed(text);
        expect(isStorable(repaired)).toBe(true);
        expect(wellFormed(repaired)).toBe(repaired);
        if (isStorable(text)) expect(repaired).toBe(text);
        expect(isStorable(cut(text, most))).toBe(true);
        expect(cut(text, most).length).toBeLessThanOrEqual(most);
        expect(cut(repaired, most).length).toBeGreaterThanOrEqual(Math.min(repaired.length, most) - 1);
      }),
      { numRuns: 3000 },
    );
    expect(cut("ab😀", 3)).toBe("ab");
    expect(wellFormed("a\ud83db\0😀")).toBe("a\uFFFDb😀");
  });

  test("of OpenRouter's is one that an index of PostgreSQL takes, its numbers and times are ones that their columns take", async () => {
    const longest = text.parse("漢".repeat(100_000));
    await sql()`create table indexed (model text, provider text, unique (model, provider))`;
    await sql()`insert into indexed values (${longest}, ${longest})`;
    const numbers = [
      "1e400000",
      "9".repeat(200_000),
      "-1e131073",
      "0.1e-99999",
      "1e-999",
      "12.5e3",
      "-0.000001",
      "1e300",
      ".5",
    ];
    const times = [
      "+200000-01-01T00:00:00Z",
      "-000100-01-01T00:00:00Z",
      "0001-01-01T00:00:00Z",
      "9999-12-31",
      "2026-01-01 00:00:00",
    ];
    const accepted = numbers.filter((number) => decimal.safeParse(number).success);
    expect(accepted).toEqual(expect.arrayContaining(["12.5e3", "-0.000001", "1e300", ".5"]));
    await sql()`select unnest(${accepted}::text[]::numeric[])`;
    const read = times.flatMap((time) => instant.safeParse(time).data ?? []);
    expect(read).toHaveLength(2);
    await sql()`select unnest(${read.map((time) => time.toISOString())}::text[]::timestamptz[])`;
  });
});

describe("one name that cannot be stored costs nothing else", () => {
  test("in the list of keys: all are imported, that one repaired, and the sum is the account's", async () => {
    const { viewer } = await createPerson();
    const key = world().keyNamed("key-0002");
    for (const name of [
      "half \ud83d",
      "\ude00 the other half",
      "nothing\0at all",
      "\0",
      "x".repeat(4000),
      ...fc.sample(units, 5),
    ]) {
      world().renameKey(key.hash, name);
      spend({ keyHash: key.hash, cost: "0.25" });
      if (name === "half \ud83d") {
        await createKey(viewer, { name: "Account", key: world().managementKey().plaintext });
        await settleRuns();
      } else expect(await syncNow(viewer)).toMatchObject({ status: "succeeded" });
      expect((await keyRow(viewer, key.hash)).upstream_name).toBe(cut(name, 300));
      expect(await booked(viewer)).toEqual(truth(world()));
    }
    world().renameKey(key.hash, "key-0002");
    expect(await sql()`select from api_keys where team_id = ${viewer.teamId}`).toHaveLength(4);
  });

  test("in a delivery of Broadcast, small or large, in any of its texts", async () => {
    const { viewer, connection } = await connected();
    const spoiled = (text: string) => {
      const body = broadcastBody(spend({ cost: "0.5" }));
      for (const attribute of body.resourceSpans[0]?.scopeSpans[0]?.spans[0]?.attributes ?? []) {
        if (/model|provider|api_key_name|finish/.test(attribute.key))
          Object.assign(attribute.value, { stringValue: text });
      }
      return body.resourceSpans;
    };
    for (const texts of [["half \ud83d"], fc.sample(units, 10), fc.sample(units, 70)]) {
      const body = JSON.stringify({ resourceSpans: texts.flatMap(spoiled) });
      expect(await send(connection, { body })).toMatchObject({ status: 200, json: { accepted: texts.length } });
    }
    const kept = await generationsOf(viewer);
    expect(kept).toHaveLength(81);
    expect(kept[0]).toMatchObject({
      model: "half \uFFFD",
      provider: "half \uFFFD",
      api_key_name: "half \uFFFD",
      finish_reason: "half \uFFFD",
    });
  });

  test("in the audit log", async () => {
    const { viewer } = await createPerson();
    const texts = fc.sample(units, 60);
    for (const text of texts)
      await recordEvent(db(), viewer, { action: "key.changed", objectId: text, detail: { name: text } });
    const kept =
      await sql()`select object_id, detail from audit_events where team_id = ${viewer.teamId} and action = 'key.changed' order by id`;
    expect(kept.map((row) => row.detail.name)).toEqual(texts.map(wellFormed));
    expect(kept.map((row) => row.object_id)).toEqual(texts.map(wellFormed));
  });
});

describe("what a person types and PostgreSQL could not hold is refused in words", () => {
  const withBody = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, operation]) => operation.requestBody)
      .map(([method]) => ({ path, method: method.toUpperCase() })),
  );

  test.each(withBody)("by $method $path", async ({ path, method }) => {
    const { accessToken: token } = await createPerson();
    const address = path.replace("{service}", "github").replaceAll(/\{\w+\}/g, "1");
    for (const [half, words] of [
      ["\ud83d", "half a character"],
      ["\0", "a null byte"],
    ]) {
      const answer = await call(method, address, { token, body: { name: `x${half}`, deep: [{ deeper: "fine" }] } });
      expect(answer.status).toBe(422);
      expect(answer.json().errors).toEqual([{ field: "name", message: `may not contain ${words}` }]);
    }
  });

  test("by a form", async () => {
    const form = new FormData();
    form.set("name", "a\0b");
    const state = await runForm(ConnectionForm, form, async () => expect.unreachable(), "it");
    expect(state.errors).toEqual([{ field: "name", message: "non può contenere un byte nullo" }]);
  });

  test("by an address, where half a character cannot be written", async () => {
    const { accessToken: token } = await createPerson();
    for (const [model, status] of [
      ["%ED%A0%BD", 200],
      ["%F0%9F%98%80", 200],
      ["%00", 422],
      ["a%00b", 422],
    ] as const) {
      for (const path of ["/api/stats/dashboard?model=", "/api/keys?q="]) {
        expect((await call("GET", path + model, { token })).status).toBe(status);
      }
    }
  });
});
