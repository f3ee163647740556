import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dayOf, millisecondsOfDay, periodStart } from "../../src/definitions/quota-period.ts";

test("a day is a day of UTC, from its first millisecond to its last", () => {
  expect(dayOf(Date.UTC(2026, 1, 28))).toBe("2026-02-28");
  expect(dayOf(Date.UTC(2026, 2, 1) - 1)).toBe("2026-02-28");
  expect(dayOf(Date.UTC(2028, 1, 29, 23, 59, 59, 999))).toBe("2028-02-29");
});

test("a DAY begins with itself", () => {
  expect(periodStart("2026-03-01", { period: "DAY", offset: 0 })).toBe("2026-03-01");
});

describe("a WEEK begins on its offset's weekday", () => {
  test.each([
    // 2026-11-27 is a Friday.
    ["2026-11-27", 0, "2026-11-22"],
    ["2026-11-27", 5, "2026-11-27"],
    ["2026-11-27", 6, "2026-11-21"],
    ["2026-11-22", 0, "2026-11-22"],
    ["2026-11-21", 0, "2026-11-15"],
    // Over the ends of months and years, and a leap day.
    ["2027-01-01", 0, "2026-12-27"],
    ["2028-03-01", 1, "2028-02-28"],
    ["2028-02-29", 3, "2028-02-23"],
  ])("%s, offset %i: %s", (day, offset, start) => {
    expect(periodStart(day, { period: "WEEK", offset })).toBe(start);
  });
});

describe("a MONTH begins on the day after its offset", () => {
  test.each([
    ["2026-11-27", 0, "2026-11-01"],
    ["2026-11-27", 26, "2026-11-27"],
    ["2026-11-27", 27, "2026-10-28"],
    ["2026-11-30", 27, "2026-11-28"],
    // The month before is shorter.
    ["2026-03-27", 27, "2026-02-28"],
    ["2026-02-28", 27, "2026-02-28"],
    ["2028-03-01", 27, "2028-02-28"],
    ["2028-02-29", 27, "2028-02-28"],
    ["2026-03-31", 14, "2026-03-15"],
    ["2026-05-31", 0, "2026-05-01"],
    // Over the end of a year.
    ["2027-01-10", 10, "2026-12-11"],
  ])("%s, offset %i: %s", (day, offset, start) => {
    expect(periodStart(day, { period: "MONTH", offset })).toBe(start);
  });
});

const settings = fc.oneof(
  fc.record({ period: fc.constant("DAY" as const), offset: fc.constant(0) }),
  fc.record({ period: fc.constant("WEEK" as const), offset: fc.integer({ min: 0, max: 6 }) }),
  fc.record({ period: fc.constant("MONTH" as const), offset: fc.integer({ min: 0, max: 27 }) }),
);
const days = fc
  .integer({ min: Date.UTC(1999, 0, 1) / millisecondsOfDay, max: Date.UTC(2101, 0, 1) / millisecondsOfDay })
  .map((day) => day * millisecondsOfDay);

test("periods follow one another without a gap, and each begins where its settings say", () => {
  fc.assert(
    fc.property(days, settings, (time, setting) => {
      const start = periodStart(dayOf(time), setting);
      const next = periodStart(dayOf(time + millisecondsOfDay), setting);
      const first = new Date(`${start}T00:00:00Z`);
      expect(start <= dayOf(time)).toBe(true);
      expect(periodStart(start, setting)).toBe(start);
      expect([start, dayOf(time + millisecondsOfDay)]).toContain(next);
      const longest = { DAY: 1, WEEK: 7, MONTH: 31 }[setting.period];
      expect((time - first.getTime()) / millisecondsOfDay).toBeLessThan(longest);
      if (setting.period === "WEEK") expect(first.getUTCDay()).toBe(setting.offset);
      if (setting.period === "MONTH") expect(first.getUTCDate()).toBe(setting.offset + 1);
    }),
    { numRuns: 2000 },
  );
});
