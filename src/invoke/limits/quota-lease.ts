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
  #askedVersion: number;
  readonly #demand = new Demand();
  #requests = 0;
  /** The last time. */
  #granted = 0;
  #day = "";
  #ends = 0;
  /** What cannot be used any longer, by the day on which it is counted. */
  readonly #unused = new Map<string, number>();
  #askedAt = 0;
  #askAfter = 0;
  #usedAt = 0;

  constructor(quota: QuotaSettings | undefined, version: number) {
    this.quota = quota;
    this.version = version;
    this.#askedVersion = version;
  }

  count(now: number): void {
    this.#demand.count(now);
  }

  take(now: number): boolean {
    if (this.#requests === 0 || now >= this.#ends) return false;
    this.#requests--;
    this.#usedAt = now;
    return true;
  }

  giveBack(): void {
    this.#requests++;
  }

  untilAsk(now: number): number {
    return this.#isChanged ? 0 : Math.max(0, this.#askAfter - now);
  }

  shouldAsk(now: number): boolean {
    return this.#isChanged || (this.#requests < this.#granted * low && now >= this.#askAfter);
  }

  get #isChanged(): boolean {
    return this.version !== this.#askedVersion;
  }

  idleAfter(now: number): number | undefined {
    if (this.#requests === 0 && this.#unused.size === 0) return undefined;
    return Math.max(0, this.#usedAt + idle - now);
  }

  ask(waiting: number, isIdle: boolean, now: number): QuotaAsk {
    if (isIdle || now >= this.#ends) this.#giveUp();
    const returned = Array.from(this.#unused);
    this.#unused.clear();
    this.#granted = 0;
    this.#askedAt = now;
    this.#askedVersion = this.version;
    return {
      quota: this.quota,
      version: this.version,
      returned,
      waiting,
      demand: isIdle ? 0 : this.#demand.measure(now),
    };
  }

  answered(grant: QuotaGrant, now: number): void {
    const { requests, day, lasts, askAfter } = grant;
    this.#askAfter = now + askAfter;
    if (requests === 0) return;
    const ends = this.#askedAt + lasts;
    if (now >= ends) {
      this.cameLate(grant, now);
      return;
    }
    // One request at a time is asked for when it comes.
    if (requests > 1) this.#granted = requests;
    if (day !== this.#day) this.#giveUp();
    this.#requests += requests;
    this.#day = day;
    this.#ends = ends;
    this.#usedAt = now;
  }

  cameLate({ requests, day }: QuotaGrant, now: number): void {
    this.#addUnused(day, requests);
    this.#usedAt = now;
  }

  failed(now: number): void {
    this.#askAfter = now + retryAfter;
  }

  #giveUp(): void {
    this.#addUnused(this.#day, this.#requests);
    this.#requests = 0;
  }

  #addUnused(day: string, requests: number): void {
    if (requests > 0) this.#unused.set(day, (this.#unused.get(day) ?? 0) + requests);
  }
}
