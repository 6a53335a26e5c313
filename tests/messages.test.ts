import { NextIntlClientProvider } from "next-intl";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { useDetail } from "@/app/(app)/audit/use-detail";
import { LOCALES } from "@/i18n/locales";
import { loadMessages } from "@/i18n/messages";
import { sentenceIn } from "@/i18n/sentences";
import { AUDIT_ACTIONS } from "@/lib/access/audit-actions";
import { AUDIT_OBJECT_TYPES } from "@/lib/access/audit-object-types";
import { statusOf, statusOfFailure } from "@/lib/credentials/status";
import { errorOfStatus, UpstreamError } from "@/lib/openrouter/errors";
import { withoutAccount } from "@/lib/sync/run-unit";

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
    for (const locale of LOCALES) {
      const { action, object_type } = (await loadMessages(locale)).audit;
      expect(pathsOf(action).sort()).toEqual([...AUDIT_ACTIONS].sort());
      expect(pathsOf(object_type).sort()).toEqual([...AUDIT_OBJECT_TYPES].sort());
    }
  });
});

describe("what an event of the audit log tells", () => {
  it.each([
    [{ reason: "credentials" }, "Reason: wrong e-mail or password", "Motivo: e-mail o password errata"],
    [{ reason: "passkey: counter" }, /^Reason: the passkey's counter/, /^Motivo: il contatore/],
    [{ by: "github", kind: "page" }, "Way: github · For: a browser", "Modo: github · Per: un browser"],
    [{ fields: "name, is_active" }, "Changed: name, watched or not", "Modifiche: nome, osservata o no"],
    [
      { name: "forbidden.path", path: "/api/keys/1" },
      "Name: forbidden.path · Address: /api/keys/1",
      /^Nome: forbidden/,
    ],
    [{ workspace: null, newer: { a: 1 } }, 'Workspace: – · newer: {"a":1}', 'Workspace: – · newer: {"a":1}'],
  ])("is in the page's language: %o", async (detail, english, italian) => {
    for (const [locale, text] of [["en", english] as const, ["it", italian] as const]) {
      const messages = await loadMessages(locale);
      const children = createElement(Detail, { of: detail });
      const page = createElement(NextIntlClientProvider, { locale, messages, timeZone: "UTC", children });
      expect(decoded(renderToStaticMarkup(page))).toMatch(text);
    }
  });
});

const Detail = ({ of: detail }: { of: Record<string, unknown> }) => useDetail()(detail);
const decoded = (html: string): string => html.replaceAll("&quot;", '"').replaceAll("&#x27;", "'");

describe("what the state of a key says", () => {
  const now = new Date("2026-03-10T00:00:00Z");
  const facts = { expires_at: null, limit: "5", limit_remaining: "0", limit_reset: null };
  const upstream = (error: UpstreamError) => statusOfFailure(error, "valid").detail;

  it.each([
    [statusOf({ ...facts, disabled: true }, now).detail, "Disattivata su OpenRouter"],
    [statusOf(facts, now).detail, "Il limite di 5 USD è esaurito"],
    [statusOf({ ...facts, limit_reset: "weekly" }, now).detail, "Il limite settimanale di 5 USD è esaurito"],
    [upstream(errorOfStatus(401, null, null)), /^OpenRouter non accetta più questa chiave/],
    [upstream(errorOfStatus(503, null, null)), "Non verificata: OpenRouter ha un problema proprio (HTTP 503)"],
    [
      upstream(new UpstreamError("network", "OpenRouter cannot be reached (ECONNREFUSED)")),
      "Non verificata: OpenRouter non è raggiungibile (ECONNREFUSED)",
    ],
    [withoutAccount().message, /^La management key con cui/],
  ])("is Italian on an Italian page: %s", (english, italian) => {
    expect(sentenceIn("it", english ?? "")).toMatch(italian);
    expect(sentenceIn("en", english ?? "")).toBe(english);
  });

  it("names the day of its expiry as the page's language does", () => {
    const { detail } = statusOf({ ...facts, expires_at: new Date("2026-03-09T12:00:00Z") }, now);
    expect(sentenceIn("it", detail ?? "")).toBe("Scaduta il 9 mar 2026");
    expect(sentenceIn("en", detail ?? "")).toBe("Expired on Mar 9, 2026");
  });
});
