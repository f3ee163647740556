/** An isolate's part of a quota: requests that are counted already and may still be admitted. */
import type { QuotaSettings } from "../../definitions/api-key.ts";
import { Demand } from "./demand.ts";
import type { Lease } from "./lease.ts";
import type { QuotaAsk, QuotaGrant } from "./quota-ledger.ts";

/** Milliseconds until a quota that could not be reached is asked again. */
const retryAfter = 1000;
/** Of what was granted: with less, more is asked for. */
const low = 0.25;
/** Milliseconds without a request after which what is left goes back: GetUsage is exact two seconds after the last. */
const idle = 1000;

export class QuotaLease implements Lease<QuotaAsk, QuotaGrant> {
  quota: QuotaSettings | undefined;
  /** Grows with each change of the quota. */
  version: number;
  readonly #demand = new Demand();
  #requests = 0;
  /** The last time. */
  #granted = 0;
  #day = "";
  #ends = 0;
  #askedAt = 0;
  #askAfter = 0;
  #takenAt = 0;

  constructor(quota: QuotaSettings | undefined, version: number) {
    this.quota = quota;
    this.version = version;
  }

  count(now: number): void {
    this.#demand.count(now);
  }

  take(now: number): boolean {
    if (this.#requests === 0 || now >= this.#ends) return false;
    this.#requests--;
    this.#takenAt = now;
    return true;
  }

  giveBack(): void {
    this.#requests++;
  }

  untilAsk(now: number): number {
    return Math.max(0, this.#askAfter - now);
  }

  shouldAsk(now: number): boolean {
    return this.#requests < this.#granted * low && now >= this.#askAfter;
  }

  idleAfter(now: number): number | undefined {
    return this.#requests > 0 ? Math.max(0, this.#takenAt + idle - now) : undefined;
  }

  ask(waiting: number, isIdle: boolean, now: number): QuotaAsk {
    const returned = isIdle || now >= this.#ends ? this.#requests : 0;
    this.#requests -= returned;
    this.#granted = 0;
    this.#askedAt = now;
    return {
      quota: this.quota,
      version: this.version,
      returned,
      day: this.#day,
      waiting,
      demand: isIdle ? 0 : this.#demand.measure(now),
    };
  }

  answered({ requests, day, lasts, askAfter }: QuotaGrant, now: number): void {
    this.#askAfter = now + askAfter;
    this.#takenAt = now;
    const ends = this.#askedAt + lasts;
    if (requests === 0 || now >= ends) return;
    // One request at a time is asked for when it comes.
    if (requests > 1) this.#granted = requests;
    // What is left of another day stays counted there.
    this.#requests = day === this.#day ? this.#requests + requests : requests;
    this.#day = day;
    this.#ends = ends;
  }

  failed(now: number): void {
    this.#askAfter = now + retryAfter;
  }
}
