import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SpanStatusCode, trace } from "@opentelemetry/api";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { db, sql } from "@/db/client";
import { recordEvent } from "@/lib/access/record-event";
import { runForm } from "@/lib/action";
import { forgetEnv } from "@/lib/base/env";
import { AppError } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { isKeyShaped, maskKeys } from "@/lib/base/mask";
import { startTelemetry } from "@/lib/base/telemetry";
import { wellFormed } from "@/lib/base/text";
import { runOnce } from "@/lib/jobs/run-once";
import { CreateKey } from "@/lib/keys/schema";
import { sendMail } from "@/lib/mail/send-mail";
import { errorOfStatus } from "@/lib/openrouter/errors";
import { settleRuns } from "@/lib/sync/worker";
import { call } from "./support/api";
import { startMailServer } from "./support/mail-server";
import { tinyOpenRouter } from "./support/tiny-openrouter";
import { createPerson } from "./support/world";

const openRouter = tinyOpenRouter();
const BODY = "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9";
const keyOf = (kind: string) => `sk-or-${kind}-${BODY}`;

afterEach(() => {
  vi.restoreAllMocks();
  log().level = "silent";
});

/** No twelve characters of the planted secret in a row, however they are written. */
function expectHidden(output: string): void {
  const said = output.toLowerCase();
  for (let from = 0; from + 12 <= BODY.length; from++) expect(said).not.toContain(BODY.slice(from, from + 12));
}

const POSITIONS: ((key: string) => string)[] = [
  (key) => key,
  (key) => `"${key}"`,
  (key) => `'${key}'`,
  (key) => `(${key})`,
  (key) => `The key ${key}, which is wrong.`,
  (key) => `Bearer ${key}`,
  (key) => `Authorization%3A%20Bearer%20${key}%22`,
  (key) => `https://openrouter.ai/?key=${encodeURIComponent(key)}&x=1`,
  (key) => key.replaceAll("-", "%2D"),
  (key) => key.replaceAll("-", "%252d"),
  (key) => JSON.stringify({ error: { key } }),
  (key) => JSON.stringify(JSON.stringify({ key })),
  (key) => key.toUpperCase(),
  (key) => `<b>${key}</b>`,
  (key) => `key${key}`,
  (key) => `\n\t${key}\n`,
  (key) => `${key}${key}`,
  (key) => `{{${key}}}`,
];
const planted = fc
  .tuple(
    fc.constantFrom("v1", "mgmt", "v2", "x", "abcdefgh12345678"),
    fc.constantFrom(...POSITIONS),
    fc.string({ unit: "binary", maxLength: 15 }),
    fc.string({ unit: "binary", maxLength: 15 }),
  )
  .map(([kind, position, before, after]) => before + position(keyOf(kind)) + after);

describe("the form of a key", () => {
  test.each([keyOf("v1"), keyOf("mgmt"), keyOf("abcdefgh12345678"), "sk-or-v1-0123456789a"])("may be %s", (key) => {
    expect(isKeyShaped(key)).toBe(true);
  });

  test.each([
    "sk-or-v1-1",
    `sk-or-${BODY}`,
    `sk-or--${BODY}`,
    `sk-or-V1-${BODY}`,
    keyOf("abcdefgh123456789"),
    `x${keyOf("v1")}`,
    keyOf("v1").repeat(3),
    `${keyOf("v1")} x`,
  ])("is not %s", (key) => {
    expect(isKeyShaped(key)).toBe(false);
  });

  test("of a key says nothing of its kind: OpenRouter does", async () => {
    const { accessToken: token } = await createPerson();
    for (const isManagement of [true, false]) {
      const key = ` sk-or-mgmt-${BODY.slice(Number(isManagement))} `;
      const data = { label: "sk-or-mgmt-0a1...8f9", usage: 0, is_management_key: isManagement };
      openRouter.answers(({ path }) => (path === "/key" ? { body: { data } } : { status: 403, body: {} }));
      const made = await call("POST", "/api/keys", { token, body: { name: "Terraform", key } });
      expect(made.status).toBe(201);
      expect(made.json()).toMatchObject({ kind: isManagement ? "management" : "inference", status: "valid" });
      expect(openRouter.asked).toContainEqual(expect.objectContaining({ path: "/key", secret: key.trim() }));
      await settleRuns();
      expect(made.text).not.toContain(BODY.slice(1));
    }
  });

  test("stands in the document as the door reads it", () => {
    const { pattern } = CreateKey.shape.key.meta() ?? {};
    expect(keyOf("mgmt")).toMatch(new RegExp(String(pattern), "u"));
  });
});

describe("no key of OpenRouter's is told", () => {
  test("by a masked text, which is masked once and for all and stays JSON", () => {
    fc.assert(
      fc.property(planted, (text) => {
        const masked = maskKeys(text);
        expectHidden(masked);
        expect(maskKeys(masked)).toBe(masked);
        expect(JSON.parse(maskKeys(JSON.stringify({ text, after: "x" })))).toEqual({
          text: expect.any(String),
          after: "x",
        });
      }),
      { numRuns: 2000 },
    );
    expect(maskKeys("An OpenRouter key begins with sk-or- and has 20 characters")).toContain("sk-or- and");
  });

  test("in OpenRouter's own words, cut where they may be", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 220 }),
        planted,
        fc.constantFrom(400, 401, 402, 403, 429, 500),
        (pad, text, status) => {
          expectHidden(errorOfStatus(status, { error: { message: pad + text } }, null).message);
        },
      ),
    );
  });

  test("by the doors: refusals repeat neither values, nor names of fields, nor the address", async () => {
    const { accessToken: token } = await createPerson();
    openRouter.answers(() => ({ status: 402, body: { error: { message: `No credits left for ${keyOf("mgmt")}` } } }));
    await fc.assert(
      fc.asyncProperty(planted, async (text) => {
        const inPath = encodeURIComponent(wellFormed(text));
        const answers = [
          await call("POST", "/api/keys", { token, body: { name: "x", key: text, [text]: 1 } }),
          await call("POST", "/api/keys", { token, body: { name: "x", key: `${text} ` } }),
          await call("GET", `/api/keys/${inPath}`, { token }),
          await call("GET", `/api/keys?${inPath}=1`, { token }),
          await call("GET", `/api/keys?status=${inPath}`, { token }),
        ];
        for (const answer of answers) expectHidden(answer.text);
      }),
      { numRuns: 60 },
    );
    const made = await call("POST", "/api/keys", { token, body: { name: "x", key: keyOf("v1") } });
    await settleRuns();
    expect(made.json().status_detail).toBe(
      "Not checked: OpenRouter refused the request: No credits left for sk-or-… (HTTP 402)",
    );
  });

  test("by a form", async () => {
    const fail = async () => {
      throw new AppError("bad_request", `What is ${keyOf("v1")} for?`, {
        errors: [{ field: "key", message: keyOf("mgmt") }],
      });
    };
    const form = new FormData();
    form.set("name", "x");
    form.set("key", keyOf("v1"));
    const state = await runForm(CreateKey, form, fail, "en");
    expect(state.message).toBe("What is sk-or-… for?");
    expectHidden(JSON.stringify(state));
  });

  test("by the log, wherever in a record it stands", () => {
    const lines: string[] = [];
    vi.spyOn(process.stdout, "write").mockImplementation((line) => lines.push(String(line)) > 0);
    log().level = "info";
    fc.assert(
      fc.property(planted, (text) => {
        log().error(
          { err: new Error(text, { cause: new Error(text) }), deep: { down: [{ here: text }] }, [text]: 1 },
          text,
        );
      }),
      { numRuns: 200 },
    );
    expect(lines).toHaveLength(200);
    for (const line of lines) {
      expectHidden(line);
      expect(() => JSON.parse(line)).not.toThrow();
    }
  });

  test("by what is kept of events and jobs, nor is one lost for its text", async () => {
    const { viewer } = await createPerson();
    for (const position of POSITIONS) {
      const text = position(keyOf("mgmt"));
      await recordEvent(db(), viewer, {
        action: "access.refused",
        objectId: text,
        detail: { path: text, half: `\ud83d\0${text}` },
      });
    }
    await runOnce("masks", new Date(0), async () => `Done with ${keyOf("v1")}\0`);
    await runOnce("masks", new Date(1), async () => {
      throw new Error(`Failed with \ud83d${keyOf("v1")}`);
    });
    const kept = [
      ...(await sql()`select object_id, detail from audit_events where team_id = ${viewer.teamId} and action = 'access.refused'`),
      ...(await sql()`select detail from job_runs where job = 'masks'`),
    ];
    expect(kept).toHaveLength(POSITIONS.length + 2);
    expectHidden(JSON.stringify(kept));
  });

  test("by a mail", async () => {
    const server = await startMailServer();
    vi.stubEnv("SMTP_URL", server.url);
    forgetEnv();
    await sendMail({ to: "ann@example.com", subject: keyOf("v1"), text: `Look at ${keyOf("mgmt")}.` });
    vi.unstubAllEnvs();
    forgetEnv();
    server.close();
    expect(server.received()).toContain("Look at sk-or-");
    expectHidden(server.received());
  });

  test("by a trace", async () => {
    let received = "";
    const collector = createServer(async (request, response) => {
      for await (const chunk of request) received += chunk;
      response.writeHead(200, { "Content-Type": "application/json" }).end("{}");
    });
    await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
    const end = startTelemetry(`http://127.0.0.1:${(collector.address() as AddressInfo).port}`);
    const span = trace
      .getTracer("tests")
      .startSpan(`fetch ${keyOf("v1")}`, { attributes: { any: [keyOf("v1")], count: 1 } });
    span.recordException(new Error(`Bearer ${keyOf("mgmt")}\n is an invalid header value`));
    span.setStatus({ code: SpanStatusCode.ERROR, message: keyOf("v1") }).end();
    await end();
    collector.close();
    expect(received).toContain("invalid header value");
    expectHidden(received);
  });
});
