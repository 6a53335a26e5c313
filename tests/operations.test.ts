import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { INTERNAL_VARIABLES, readEnv, VARIABLES } from "@/lib/base/env";

const REQUIRED = {
  DATABASE_URL: "postgres://127.0.0.1/monitor",
  SECRET_KEY: "-".repeat(32),
  ENCRYPTION_KEY: "0".repeat(64),
};

/** The variables of .env.example, each with the line that explains it. */
function documented(): { name: string; value: string; explanation: string }[] {
  const lines = readFileSync(".env.example", "utf8").split("\n");
  return lines.flatMap((line, index) => {
    const [, name, value] = /^#?([A-Z_]+)=(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, value: value ?? "", explanation: lines[index - 1] ?? "" }];
  });
}

describe(".env.example", () => {
  test("names every variable that there is, once, and explains each in a line", () => {
    const people = VARIABLES.filter((name) => !INTERNAL_VARIABLES.includes(name));
    expect(
      documented()
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...people].sort());
    for (const { name, explanation } of documented()) expect(explanation, name).toMatch(/^# \w.{15,}/);
  });

  test("shows values that are accepted, and the defaults where there are some", () => {
    const defaults = readEnv({ ...REQUIRED, CONFIG_FILE: "no such file" });
    for (const { name, value } of documented().filter((one) => one.value !== "")) {
      const read = readEnv({ ...REQUIRED, CONFIG_FILE: "no such file", [name]: value });
      const standard = defaults[name as keyof typeof defaults];
      const hasDefault = standard !== undefined && !(Array.isArray(standard) && standard.length === 0);
      if (hasDefault && !(name in REQUIRED)) expect(read[name as keyof typeof read], name).toEqual(standard);
    }
  });
});
