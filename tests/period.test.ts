import { describe, expect, it } from "vitest";
import { periodOf } from "@/lib/usage/period";

describe("A period", () => {
  const now = new Date("2026-03-04T23:30:00Z");

  it("is the 30 days ending today unless something else is asked for", () => {
    expect(periodOf({}, now)).toEqual({ start_date: "2026-02-03", end_date: "2026-03-04", days: 30, timezone: "UTC" });
  });
  it("ends on the day that it is in its timezone", () => {
    expect(periodOf({ days: 1, timezone: "Asia/Tokyo" }, now)).toMatchObject({ start_date: "2026-03-05", days: 1 });
  });
  it("refuses a start after its end, more than 365 days, and days beside dates", () => {
    for (const asked of [
      { start_date: "2026-03-05", end_date: "2026-03-04" },
      { start_date: "2025-03-04", end_date: "2026-03-04" },
      { days: 3, end_date: "2026-03-04" },
    ]) {
      expect(() => periodOf(asked, now)).toThrow(expect.objectContaining({ code: "unprocessable" }));
    }
    expect(periodOf({ start_date: "2025-03-05", end_date: "2026-03-04" }, now).days).toBe(365);
  });
});
