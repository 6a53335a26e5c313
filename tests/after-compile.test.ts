import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hintCompilation } from "@/compile-hints.mjs";

const LONG = `first();${" ".repeat(40_000)}`;
const HINTED = `//# allFunctionsCalledOnLoad\n${LONG}`;

describe("A production build", () => {
  let projectDir: string;
  const file = (name: string) => path.join(projectDir, ".next", name);

  beforeEach(async () => {
    projectDir = await mkdtemp(path.join(tmpdir(), "compile-hints-"));
    await mkdir(path.join(projectDir, ".next"));
    await writeFile(file("build-manifest.json"), JSON.stringify({ rootMainFiles: ["every-page.js", "short.js"] }));
    for (const name of ["every-page.js", "one-page.js"]) await writeFile(file(name), LONG);
    await writeFile(file("short.js"), "first();");
  });
  afterEach(() => rm(projectDir, { recursive: true }));

  it("has the long scripts of every page compiled beside the page, marked once, and leaves the others as they are", async () => {
    for (const distDir of [".next", path.join(projectDir, ".next")]) await hintCompilation({ projectDir, distDir });
    expect(await readFile(file("every-page.js"), "utf8")).toBe(HINTED);
    expect(await readFile(file("one-page.js"), "utf8")).toBe(LONG);
    expect(await readFile(file("short.js"), "utf8")).toBe("first();");
  });
});
