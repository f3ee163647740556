/**
 * The side of a quota that is one in the world: what a key has used of a plan, day by day. Isolates lease requests
 * from it, which count as used from then on, and give back what they did not need; so what is lost with an isolate
 * stays counted, and never is more admitted than the quota allows.
 */
import type { QuotaSettings } from "../../definitions/api-key.ts";
import { dayOf, millisecondsOfDay, periodStart } from "../../definitions/quota-period.ts";

export interface QuotaAsk {
  /** As the isolate knows it, undefined without one; that of the highest version counts. */
  quota: QuotaSettings | undefined;
  /** Grows with each change of the quota. */
  version: number;
  /** Leased requests that were not needed, by the day of their lease. */
  returned: [day: string, requests: number][];
  /** Requests that wait for the answer. */
  waiting: number;
  /** Requests a second that the isolate has lately had; 0 when it needs none. */
  demand: number;
}

export interface QuotaGrant {
  /** Requests that may be admitted, on that day. */
  requests: number;
  day: string;
  /** Milliseconds from the asking until the day is over. */
  lasts: number;
  /** Milliseconds from the answer before which asking again gives nothing. */
  askAfter: number;
}

/** What a day saw, and what its period had left at its end; undefined without a quota. */
export interface DayUsage {
  used: number;
  remaining: number | undefined;
}

/** What a ledger knows, as it is kept. */
export interface QuotaState {
  quota?: QuotaSettings;
  version: number;
  /** Requests by day. */
  days: Map<string, number>;
  /** A change of what is left of the period that begins on that day (UpdateUsage). */
  extension?: { period: string; requests: number };
}

/** Milliseconds of an isolate's demand that it gets at most. */
const leased = 1000;
/** Of what is left, the part that an isolate gets at most beyond what waits. */
const leasedPart = 1 / 16;
/** Days that are kept: GetUsage looks at 90, and a period has 31. */
const keptDays = 125;
/** Milliseconds between asks when all is used: while others may give something back, and afterwards. */
const askAgain = { soon: 500, later: 5000 };
/** Milliseconds after which what was leased has come back, if it comes back. */
const returnedAfter = 3000;

export class QuotaLedger {
  readonly #state: QuotaState;
  readonly #save: (change: { day?: string; settings?: true }) => void;
  #leasedAt = Number.NEGATIVE_INFINITY;

  /** @param save keeps a day's count, or all that is no count; an answer may leave only when it is kept */
  constructor(state: QuotaState, save: (change: { day?: string; settings?: true }) => void) {
    this.#state = state;
    this.#save = save;
  }

  /** Answers an isolate. @param now Unix time, milliseconds */
  ask(ask: QuotaAsk, now: number): QuotaGrant {
    this.#useQuota(ask);
    for (const [day, requests] of ask.returned) this.#add(day, -requests);
    const day = dayOf(now);
    const left = this.#left(day);
    const wanted = Math.ceil((ask.demand * leased) / 1000);
    const requests = Math.min(left, Math.max(ask.waiting, Math.min(wanted, Math.floor(left * leasedPart))));
    if (requests > 0) {
      this.#add(day, requests);
      if (requests > ask.waiting) this.#leasedAt = now;
    }
    const lasts = millisecondsOfDay - (now % millisecondsOfDay);
    // A new day can be a new period.
    const askAfter = requests >= ask.waiting ? 0 : Math.min(lasts, this.#askAfter(now));
    return { requests, day, lasts, askAfter };
  }

  /** @param days `YYYY-MM-DD` in UTC */
  usage(days: readonly string[], quota: QuotaSettings | undefined): DayUsage[] {
    return days.map((day) => ({
      used: this.#state.days.get(day) ?? 0,
      remaining: quota
        ? Math.max(0, quota.limit + this.#extension(day, quota) - this.#used(day, quota))
        : undefined,
    }));
  }

  /** Leaves so many requests to the period that is on. @param now Unix time, milliseconds */
  extend(remaining: number, quota: QuotaSettings, now: number): void {
    const day = dayOf(now);
    const requests = remaining + this.#used(day, quota) - quota.limit;
    this.#state.extension = { period: periodStart(day, quota), requests };
    this.#save({ settings: true });
  }

  #useQuota({ quota, version }: QuotaAsk): void {
    if (version <= this.#state.version) return;
    this.#state.version = version;
    if (quota) this.#state.quota = quota;
    else delete this.#state.quota;
    this.#save({ settings: true });
  }

  #left(day: string): number {
    const { quota } = this.#state;
    if (!quota) return Number.POSITIVE_INFINITY;
    return Math.max(0, quota.limit + this.#extension(day, quota) - this.#used(day, quota));
  }

  /** From the beginning of the day's period to its end. */
  #used(day: string, quota: QuotaSettings): number {
    const first = periodStart(day, quota);
    let used = 0;
    for (const [one, requests] of this.#state.days) if (one >= first && one <= day) used += requests;
    return used;
  }

  #extension(day: string, quota: QuotaSettings): number {
    const { extension } = this.#state;
    return extension?.period === periodStart(day, quota) ? extension.requests : 0;
  }

  #askAfter(now: number): number {
    return now - this.#leasedAt < returnedAfter ? askAgain.soon : askAgain.later;
  }

  #add(day: string, requests: number): void {
    const { days } = this.#state;
    const before = days.get(day);
    days.set(day, Math.max(0, (before ?? 0) + requests));
    if (before === undefined && days.size > keptDays) {
      const oldest = Array.from(days.keys()).sort()[0] as string;
      days.delete(oldest);
      this.#save({ day: oldest });
    }
    this.#save({ day });
  }
}
