import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { finishStaticFiles } from "@/after-compile.mjs";

const LONG = `first();${" ".repeat(40_000)}`;
const MIDDLING = `second();${" ".repeat(20_000)}`;
const HINTED = `//# allFunctionsCalledOnLoad\n${LONG}`;

describe("A production build", () => {
  let projectDir: string;
  const file = (name: string) => path.join(projectDir, ".next", "static", name);

  beforeEach(async () => {
    projectDir = await mkdtemp(path.join(tmpdir(), "after-compile-"));
    await mkdir(file("media"), { recursive: true });
    const rootMainFiles = ["static/every-page.js", "static/middling.js", "static/short.js"];
    await writeFile(path.join(projectDir, ".next", "build-manifest.json"), JSON.stringify({ rootMainFiles }));
    for (const name of ["every-page.js", "one-page.js"]) await writeFile(file(name), LONG);
    await writeFile(file("middling.js"), MIDDLING);
    await writeFile(file("short.js"), "first();");
    await writeFile(file("media/letters.woff2"), "letters");
    for (const distDir of [".next", path.join(projectDir, ".next")]) await finishStaticFiles({ projectDir, distDir });
  });
  afterEach(() => rm(projectDir, { recursive: true }));

  it("has the long scripts of every page compiled beside the page, marked once, and leaves the others as they are", async () => {
    expect(await readFile(file("every-page.js"), "utf8")).toBe(HINTED);
    const filled = await readFile(file("middling.js"), "utf8");
    expect(filled.trim()).toBe(`//# allFunctionsCalledOnLoad\n${MIDDLING.trim()}`);
    expect(filled).toHaveLength(30 * 1024);
    expect(await readFile(file("one-page.js"), "utf8")).toBe(LONG);
    expect(await readFile(file("short.js"), "utf8")).toBe("first();");
  });

  it("has its scripts packed beside them, as they are served, and no fonts", async () => {
    expect(brotliDecompressSync(await readFile(file("every-page.js.br"))).toString()).toBe(HINTED);
    expect(gunzipSync(await readFile(file("every-page.js.gz"))).toString()).toBe(HINTED);
    expect(await readdir(file("media"))).toEqual(["letters.woff2"]);
  });
});
