import { describe, expect, it } from "vitest";
import { LOCALES } from "@/i18n/locales";
import { loadMessages } from "@/i18n/messages";
import { AUDIT_ACTIONS } from "@/lib/audit/actions";

/** The path of every text. */
function pathsOf(value: unknown, path: string[] = []): string[] {
  if (typeof value === "string") return [path.join(".")];
  return Object.entries(value as Record<string, unknown>).flatMap(([name, inner]) => pathsOf(inner, [...path, name]));
}

describe("the texts", () => {
  const others = LOCALES.filter((locale) => locale !== "en");

  it.each(others)("of %s are those of English: none is missing, none is left over", async (locale) => {
    const english = pathsOf(await loadMessages("en"));
    expect(english.length).toBeGreaterThan(100);
    expect(pathsOf(await loadMessages(locale)).sort()).toEqual(english.sort());
  });

  it("name everything that the audit log can tell, and nothing else", async () => {
    for (const locale of LOCALES)
      expect(pathsOf((await loadMessages(locale)).audit.action).sort()).toEqual([...AUDIT_ACTIONS].sort());
  });
});
