import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { call, document } from "./support/api";
import { plantKey, plantUsage } from "./support/usage";
import { createPerson } from "./support/world";

// Below node_modules, so that the program finds its packages as anybody's program would.
const folder = path.join(import.meta.dirname, "../node_modules/.cache", `typed-client-${process.pid}`);

const PROGRAM = `
import createClient from "openapi-fetch";
import type { paths } from "./api";

type Fetch = (request: Request) => Promise<Response>;

export async function readFigures(token: string, fetch: Fetch) {
  const client = createClient<paths>({ baseUrl: "http://localhost", fetch, headers: { Authorization: \`Bearer \${token}\` } });
  const period = { start_date: "2026-03-01", end_date: "2026-03-31" };
  const stats = await client.GET("/api/v1/stats", { params: { query: period } });
  const usage = await client.GET("/api/v1/usage", { params: { query: { ...period, group_by: "hour", limit: 5 } } });
  const refused = await client.GET("/api/v1/stats", { params: { query: { start_date: "2026-02-30" } } });
  const cost: number | null | undefined = stats.data?.summary.total_cost;
  const requests: number | null | undefined = stats.data?.by_model[0]?.requests;
  const rows: number | undefined = usage.data?.pagination.total;
  return { cost, requests, rows, detail: refused.error?.detail };
}
`;

function compile(program: string) {
  const file = path.join(folder, "program.ts");
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, program, ts.ScriptTarget.ES2022) : read(name, ...rest);
  return ts
    .getPreEmitDiagnostics(ts.createProgram([file], options, host))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

beforeAll(async () => {
  vi.stubEnv("OPENROUTER_API_URL", "http://127.0.0.1:9");
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "api.ts"), astToString(await openapiTS(JSON.stringify(document))));
  await writeFile(path.join(folder, "program.ts"), PROGRAM);
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  await writeFile(
    path.join(folder, "program.mjs"),
    ts.transpileModule(PROGRAM, { compilerOptions: options }).outputText,
  );
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("A typed client made from the document", () => {
  it("compiles, and does not when it asks for what is not there", { timeout: 60_000 }, () => {
    expect(compile(PROGRAM)).toEqual([]);
    expect(compile(PROGRAM.replace("summary.total_cost", "summary.total_price"))[0]).toMatch(/total_price/);
    expect(compile(PROGRAM.replace('group_by: "hour"', 'group_by: "century"'))[0]).toMatch(/century/);
  });

  it("runs, and reads the figures", async () => {
    const ann = await createPerson();
    await plantUsage(ann.viewer, await plantKey(ann.viewer), [
      { hour: "2026-03-01T22:00:00Z", cost: "0.1", requests: 2 },
      { hour: "2026-03-01T23:00:00Z", cost: "0.2", requests: 3 },
    ]);
    const made = await call("POST", "/api/tokens", { token: ann.accessToken, body: { name: "Client" } });
    const answer = async (request: Request) => {
      const { status, headers, text } = await call(request.method, request.url, {
        headers: Object.fromEntries(request.headers),
      });
      return new Response(text, { status, headers });
    };
    const { readFigures } = (await import(path.join(folder, "program.mjs"))) as {
      readFigures(token: string, fetch: typeof answer): Promise<Record<string, unknown>>;
    };
    expect(await readFigures(made.json().token as string, answer)).toEqual({
      cost: 0.3,
      requests: 5,
      rows: 2,
      detail: "start_date Invalid ISO date",
    });
  });

  it("has a command in the reference that runs for every operation of the public API", async () => {
    const { curlOf } = await import("@/app/docs/curl");
    const ann = await createPerson();
    await plantKey(ann.viewer);
    const made = await call("POST", "/api/tokens", { token: ann.accessToken, body: { name: "Shell" } });
    for (const [address, item] of Object.entries(document.paths)) {
      if (item.get?.tags[0] !== "Public API") continue;
      const command = curlOf("http://localhost", address, "get", item.get);
      const url = /^curl '([^']+)'/.exec(command)?.[1] ?? "";
      expect(command).toContain("Authorization: Bearer $TOKEN");
      expect([url, (await call("GET", url, { token: made.json().token as string })).status]).toEqual([url, 200]);
    }
  });
});
