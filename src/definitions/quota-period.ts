/**
 * The periods of a usage plan's quota, in UTC. An offset is the day on which a period begins: 0 for a DAY, from 0
 * (Sunday) to 6 in a WEEK, from 0 (the first) to 27 in a MONTH; docs/decisions.md says why.
 */
import type { QuotaSettings } from "./api-key.ts";

export const millisecondsOfDay = 86_400_000;

/** `YYYY-MM-DD`. @param time Unix time, milliseconds */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** @param day `YYYY-MM-DD` @returns the first day of the period that the day is in */
export function periodStart(
  day: string,
  { period, offset }: Pick<QuotaSettings, "period" | "offset">,
): string {
  const date = new Date(`${day}T00:00:00Z`);
  switch (period) {
    case "DAY":
      return day;
    case "WEEK":
      date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() - offset + 7) % 7));
      return dayOf(date.getTime());
    case "MONTH":
      if (date.getUTCDate() <= offset) date.setUTCMonth(date.getUTCMonth() - 1, 1);
      date.setUTCDate(offset + 1);
      return dayOf(date.getTime());
  }
}
