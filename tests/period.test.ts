import { describe, expect, it } from "vitest";
import { periodOf, selectedPeriod } from "@/lib/usage/period";

describe("A period", () => {
  const now = new Date("2026-03-04T23:30:00Z");

  it("is the 30 days ending today unless something else is asked for", () => {
    expect(periodOf({}, now)).toEqual({
      start_date: "2026-02-03",
      end_date: "2026-03-04",
      days: 30,
      timezone: "UTC",
      whole_hours: true,
    });
  });
  it("ends on the day that it is in its timezone", () => {
    expect(periodOf({ days: 1, timezone: "Asia/Tokyo" }, now)).toMatchObject({ start_date: "2026-03-05", days: 1 });
  });
  it("refuses a start after its end or more than 365 days before it, and days beside dates", () => {
    for (const asked of [
      { start_date: "2026-03-05", end_date: "2026-03-04" },
      { start_date: "2025-03-03", end_date: "2026-03-04" },
      { start_date: "2025-03-03" },
      { days: 3, end_date: "2026-03-04" },
    ]) {
      expect(() => periodOf(asked, now)).toThrow(expect.objectContaining({ code: "unprocessable" }));
    }
    // Exactly 365 days before its end, whichever way they are counted.
    for (const start_date of ["2025-03-04", "2025-03-05", "2025-03-06"]) {
      expect(periodOf({ start_date, end_date: "2026-03-04" }, now).start_date).toBe(start_date);
      expect(periodOf({ start_date }, now).end_date).toBe("2026-03-04");
    }
  });
  it("says whether midnight is always at a full UTC hour in its timezone", () => {
    const whole = (timezone: string, start_date: string, end_date: string) =>
      selectedPeriod({ start_date, end_date, timezone }).whole_hours;
    expect(whole("Asia/Kathmandu", "2026-01-01", "2026-01-01")).toBe(false);
    expect(whole("Europe/Rome", "2025-01-01", "2026-01-01")).toBe(true);
    // Half an hour beside in winter, a full one in summer.
    expect(whole("Australia/Lord_Howe", "2026-01-01", "2026-02-01")).toBe(true);
    expect(whole("Australia/Lord_Howe", "2026-03-01", "2026-04-05")).toBe(false);
    expect(whole("Australia/Lord_Howe", "1970-01-01", "9998-12-31")).toBe(false);
  });
});
