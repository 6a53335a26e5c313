import { readFileSync } from "node:fs";
import { satisfies } from "semver";
import { describe, expect, test } from "vitest";

type Package = { engines?: { node?: string }; optional?: boolean };
const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as { packages: Record<string, Package> };
const ours = lock.packages[""]?.engines?.node ?? "";

/** What npm warns of on a version of Node. It leaves out optional packages that do not fit. */
const warningsOn = (version: string): string[] =>
  Object.entries(lock.packages)
    .filter(([, { engines, optional }]) => engines?.node && !optional && !satisfies(version, engines.node))
    .map(([name, { engines }]) => `${name} wants ${engines?.node}`);

describe("npm ci warns of no engine", () => {
  test.each(["20.19.0", "22.13.0", "24.0.0"])("on Node %s", (version) => {
    expect(satisfies(version, ours)).toBe(true);
    expect(warningsOn(version)).toEqual([]);
  });

  test("and a version that is too old is found", () => {
    expect(satisfies("18.20.0", ours)).toBe(false);
    expect(warningsOn("18.20.0").length).toBeGreaterThan(0);
  });
});
