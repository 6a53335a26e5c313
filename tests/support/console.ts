import { afterEach, expect } from "vitest";

const METHODS = ["log", "info", "warn", "error", "debug"] as const;
const lines: string[] = [];

// What a test wants to see on the console it expects there with vi.spyOn, which replaces these.
for (const method of METHODS) {
  console[method] = (...parts: unknown[]) => {
    lines.push(`console.${method}: ${parts.map(String).join(" ")}`);
  };
}

afterEach(() => {
  expect(lines.splice(0), "unexpected console output").toEqual([]);
});
