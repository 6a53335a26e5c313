import { describe, expect, it } from "vitest";
import { acceptedLocale } from "@/i18n/locales";
import { makeFormatter } from "@/lib/base/format";
import { changedQuery } from "@/lib/base/query-string";
import { shiftDate } from "@/lib/base/time";
import { columnsOf } from "@/lib/usage/present/columns";
import { readDashboardView } from "@/lib/usage/present/dashboard-view";
import { forecastMonth } from "@/lib/usage/present/forecast";
import { readStatsView } from "@/lib/usage/present/stats-view";
import { datesOfPreset } from "@/lib/usage/presets";

const TODAY = "2026-03-10";

describe("The dashboard's address", () => {
  it("means the last 30 days by cost and model when it says nothing", () => {
    expect(readDashboardView({}, TODAY)).toMatchObject({
      start_date: "2026-02-09",
      end_date: TODAY,
      metric: "cost",
      by: "model",
      interval: "day",
    });
  });
  it("is forgiven for what makes no sense", () => {
    const view = readDashboardView({ period: "eon", key: "x", metric: "joy", interval: "year" }, TODAY);
    expect(view).toMatchObject({ period: "30d", metric: "cost", interval: "day" });
    expect(view.key).toBeUndefined();
  });
  it("names its own days, unless they are too many or end before they begin", () => {
    const custom = { period: "custom", start: "2026-01-01", end: "2026-01-31" };
    expect(readDashboardView(custom, TODAY)).toMatchObject({ period: "custom", start_date: "2026-01-01", days: 31 });
    expect(readDashboardView({ ...custom, start: "2020-01-01" }, TODAY).period).toBe("30d");
    expect(readDashboardView({ ...custom, end: "2025-12-31" }, TODAY).period).toBe("30d");
  });
  it("offers hours for a month at most, and a day in hours only", () => {
    expect(readDashboardView({ period: "today" }, TODAY)).toMatchObject({ intervals: ["hour"], interval: "hour" });
    expect(readDashboardView({ period: "year" }, TODAY)).toMatchObject({
      intervals: ["day", "week", "month"],
      interval: "week",
    });
  });
  it("changes one part and keeps the others", () => {
    expect(changedQuery({ key: "3", model: "a/b" }, { model: null, by: "key" })).toBe("?key=3&by=key");
    expect(changedQuery({ key: ["3", "4"] }, {})).toBe("?key=3&key=4");
    expect(changedQuery({}, {})).toBe("?");
  });
});

describe("A named period", () => {
  it.each([
    ["today", "2026-03-10", "2026-03-10"],
    ["7d", "2026-03-04", "2026-03-10"],
    ["month", "2026-03-01", "2026-03-10"],
    ["last-month", "2026-02-01", "2026-02-28"],
    ["year", "2025-03-11", "2026-03-10"],
  ] as const)("%s has its days", (preset, start_date, end_date) => {
    expect(datesOfPreset(preset, TODAY)).toEqual({ start_date, end_date });
  });
});

describe("The statistics' address", () => {
  it("takes several keys, models and providers, each once, and drops what is none", () => {
    expect(readStatsView({ key: ["1", "1", "x"], model: "a", hide: ["cost", "joy"] }, TODAY)).toMatchObject({
      key: [1],
      model: ["a"],
      provider: [],
      hide: ["cost"],
    });
  });
  it("sorts by a column that the grouping has", () => {
    expect(readStatsView({ sort: "-date", group: "model" }, TODAY).sort).toBe("-cost");
    expect(readStatsView({ sort: "model", group: "model" }, TODAY).sort).toBe("model");
    expect(columnsOf("model").slice(0, 2)).toEqual(["model", "requests"]);
  });
});

describe("The forecast of a month", () => {
  const days = (cost: (date: string) => number) =>
    Array.from({ length: 40 }, (_, index) => shiftDate(TODAY, index - 39)).map((date) => ({ date, cost: cost(date) }));

  it("is certain when every day costs the same", () => {
    const forecast = forecastMonth(
      days(() => 2),
      TODAY,
      20,
    );
    expect(forecast?.so_far).toBe(20);
    expect(forecast?.expected).toBeCloseTo(62);
    expect(forecast?.low).toBeCloseTo(62);
    expect(forecast?.high).toBeCloseTo(62);
  });
  it("knows that weekends are quiet", () => {
    const quiet = (date: string) => ([0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay()) ? 0 : 1);
    expect(forecastMonth(days(quiet), TODAY, 7)?.expected).toBeCloseTo(22);
  });
  it("never promises less than what is spent already", () => {
    const forecast = forecastMonth(
      days((date) => (date === TODAY ? 500 : Number(date.endsWith("5")))),
      TODAY,
      501,
    );
    expect(forecast?.low).toBeGreaterThanOrEqual(forecast?.so_far ?? Infinity);
  });
  it("says nothing before a week has been seen", () => {
    expect(
      forecastMonth(
        days((date) => (date > "2026-03-05" ? 1 : 0)),
        TODAY,
        5,
      ),
    ).toBeNull();
  });
});

describe("Figures in words", () => {
  const english = makeFormatter("en", "America/New_York");
  const italian = makeFormatter("it", "Europe/Rome");

  it("show cheap requests in three digits and the rest in cents", () => {
    expect([0, 0.0012345, 0.5, 1234.5].map(english.money)).toEqual(["$0.00", "$0.00123", "$0.50", "$1,234.50"]);
    expect(italian.money(1234.5)).toBe("1234,50\u00a0$");
  });
  it("never show what was not reported as zero", () => {
    expect([english.money(null), english.count(undefined), english.percent(null), english.ago(null)]).toEqual([
      "–",
      "–",
      "–",
      "–",
    ]);
  });
  it("keep calendar days and move instants to the timezone", () => {
    expect(english.day("2026-03-10")).toBe("Mar 10, 2026");
    expect(english.date("2026-03-10T02:00:00Z")).toBe("Mar 9, 2026");
  });
  it("tell how long ago something was", () => {
    const now = new Date("2026-03-10T12:00:00Z");
    expect(english.ago("2026-03-10T09:00:00Z", now)).toBe("3 hours ago");
    expect(italian.ago("2026-03-12T12:00:00Z", now)).toBe("dopodomani");
    expect(english.ago("2026-03-10T11:59:50Z", now)).toBe("this minute");
  });
  it("carry the sign of a change", () => {
    expect([english.change(12.34), english.change(-3.21), english.change(0)]).toEqual(["+12%", "-3.2%", "0%"]);
  });
});

describe("A language", () => {
  it.each([
    ["it-IT,it;q=0.9,en;q=0.8", "it"],
    ["de,en;q=0.5,it;q=0.7", "it"],
    ["de", "en"],
    [null, "en"],
  ])("is the first of %s that we speak", (header, locale) => {
    expect(acceptedLocale(header)).toBe(locale);
  });
});
