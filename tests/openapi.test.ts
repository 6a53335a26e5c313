import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { describe, expect, it } from "vitest";
import { ROUTES } from "@/app/openapi.json/routes";
import { document, expectAccepted } from "./support/api";

type Content = Record<string, { schema: Record<string, unknown>; example?: unknown }>;

const root = path.join(import.meta.dirname, "..");

/** Somebody else's protocol, what catches unknown routes, a page's own download (with the page's cookie), and the document itself. */
const NOT_DESCRIBED = new Set([
  "/api/[...path]",
  "/api/auth/[...nextauth]",
  "/api/inngest",
  "/openapi.json",
  "/stats/export",
  "/live/feed",
]);

describe("The OpenAPI document", () => {
  it("describes every route file there is", () => {
    const files = readdirSync(path.join(root, "app"), { recursive: true, encoding: "utf8" })
      .filter((file) => path.basename(file) === "route.ts")
      .map((file) => `/${path.dirname(file)}`.replace(/\/\([^)]+\)/g, ""));
    const described = files
      .filter((file) => !NOT_DESCRIBED.has(file))
      .map((file) => file.replace(/\[(\w+)\]/g, "{$1}"));
    expect(ROUTES.map((route) => route.path).sort()).toEqual(described.sort());
  });

  it("lists each route under the address of the file that it comes from", () => {
    const source = readFileSync(path.join(root, "app/openapi.json/routes.ts"), "utf8");
    for (const [, name, file] of source.matchAll(/OPTIONS as (\w+) \} from "@\/app\/(.+)\/route"/g)) {
      const address = `/${file?.replace(/\[(\w+)\]/g, "{$1}")}`;
      expect(source).toContain(`{ path: "${address}", table: ${name}.table }`);
    }
  });

  it("passes the linter", async () => {
    const config = await createConfig({
      extends: ["recommended"],
    });
    const problems = await lintFromString({ source: JSON.stringify(document), config });
    expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([]);
  });

  it("has examples that its schemas accept", () => {
    for (const [path, item] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(item)) {
        for (const { name, schema, example } of operation.parameters ?? []) {
          if (example !== undefined) expectAccepted(schema, example, `${method} ${path} ${name}`);
        }
        const body = operation.requestBody?.content["application/json"];
        if (body) expectAccepted(body.schema, body.example, `${method} ${path} body`);
        for (const [status, response] of Object.entries(operation.responses)) {
          const answer = (response.content as Content | undefined)?.["application/json"];
          if (answer?.example !== undefined)
            expectAccepted(answer.schema, answer.example, `${method} ${path} ${status}`);
        }
      }
    }
  });
});
