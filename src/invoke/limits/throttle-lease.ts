/**
 * An isolate's side of a limiter: the part of the bucket that it holds, spent without asking anybody. What is asked and
 * answered is the ledger's (throttle-ledger.ts); this is a state machine without a clock and without I/O.
 */
import type { Ask, Grant } from "./throttle-ledger.ts";
import { type Limit, TokenBucket } from "./token-bucket.ts";

const nothing: Limit = { rate: 0, burst: 0 };
/** Milliseconds until a limiter that could not be asked is asked again. */
const retryAfter = 1000;
/** Milliseconds after which a request counts a third of what it counted for the demand. */
const memory = 3000;
/** Milliseconds over which it is counted at least. */
const shortestCount = 250;

export class ThrottleLease {
  limit: Limit;
  /** Grows with each change of the limit. */
  version: number;
  readonly #lessee: string;
  readonly #held = new TokenBucket(nothing, 0, 0);
  #ends = 0;
  #renews = Number.POSITIVE_INFINITY;
  #askAfter = 0;
  #isAwaited = false;
  #returned = 0;
  #sequence = 0;
  #askedAt = 0;
  #requests = 0;
  #countedSince: number | undefined;
  #weighed = 0;
  #measuredAt = 0;
  #demand = 0;

  /** @param lessee names the isolate, and no other that ever was */
  constructor(lessee: string, limit: Limit, version: number) {
    this.#lessee = lessee;
    this.limit = limit;
    this.version = version;
  }

  /** Counts a request. @param now milliseconds */
  count(now: number): void {
    this.#countedSince ??= now;
    this.#requests++;
  }

  /** @returns whether there was a token, which is spent then */
  take(now: number): boolean {
    this.#advance(now);
    if (this.#held.tokens < 1) return false;
    this.#held.tokens--;
    return true;
  }

  /** Takes back a token that was not spent after all. */
  giveBack(): void {
    this.#held.tokens = Math.min(this.#held.burst, this.#held.tokens + 1);
  }

  /** Whether asking can help a request that found no token. */
  mayAsk(now: number): boolean {
    return now >= this.#askAfter;
  }

  /** Whether it is time to ask although there are tokens, or to say that something is no longer held. */
  shouldAsk(now: number): boolean {
    if (now >= this.#renews) return now < this.#ends;
    return this.#isAwaited && now < this.#ends && (this.#returned > 0 || this.#isSpent);
  }

  get #isSpent(): boolean {
    return this.#held.rate === 0 && this.#held.tokens < 1;
  }

  /** What to ask, now. @param waiting requests that wait for the answer */
  ask(waiting: number, now: number): Ask {
    this.#advance(now);
    if (this.#isSpent) this.#hold(nothing);
    this.#measure(now);
    const { rate, burst, tokens } = this.#held;
    const returned = this.#returned;
    this.#returned = 0;
    this.#isAwaited = false;
    this.#renews = Number.POSITIVE_INFINITY;
    this.#askedAt = now;
    return {
      limit: this.limit,
      version: this.version,
      lessee: this.#lessee,
      sequence: ++this.#sequence,
      held: { rate, burst },
      tokens,
      returned,
      waiting,
      demand: this.#demand,
    };
  }

  answered({ share, tokens, lasts, renewAfter, askAfter, isAwaited }: Grant, now: number): void {
    this.#advance(now);
    this.#askAfter = now + askAfter;
    const ends = this.#askedAt + lasts;
    if (now >= ends) return;
    this.#ends = ends;
    this.#renews = this.#askedAt + renewAfter;
    this.#isAwaited = isAwaited;
    this.#held.at = now;
    this.#held.tokens += tokens;
    this.#hold(share);
  }

  /** The limiter cannot be reached: what is held goes on until it ends. */
  failed(now: number): void {
    this.#askAfter = now + retryAfter;
  }

  #advance(now: number): void {
    if (now >= this.#ends) this.#hold(nothing);
    this.#held.refill(now);
  }

  #hold({ rate, burst }: Limit): void {
    const held = this.#held;
    held.rate = rate;
    held.burst = burst;
    if (held.tokens <= burst) return;
    this.#returned += held.tokens - burst;
    held.tokens = burst;
  }

  /** Requests a second: an average in which a request counts the less the longer ago it was. */
  #measure(now: number): void {
    this.#countedSince ??= now;
    const elapsed = Math.max(0, now - this.#measuredAt);
    const kept = Math.exp(-elapsed / memory);
    const weight = elapsed > 0 ? ((1 - kept) * memory) / elapsed : 1;
    this.#weighed = this.#weighed * kept + this.#requests * weight;
    this.#requests = 0;
    this.#measuredAt = now;
    const age = Math.max(shortestCount, now - this.#countedSince);
    this.#demand = (this.#weighed * 1000) / (memory * (1 - Math.exp(-age / memory)));
  }
}
