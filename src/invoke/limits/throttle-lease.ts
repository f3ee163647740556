/**
 * An isolate's side of a limiter: the part of the bucket that it holds, spent without asking anybody. What is asked and
 * answered is the ledger's (throttle-ledger.ts); this is a state machine without a clock and without I/O.
 */

import type { Limit } from "../../definitions/limit.ts";
import { Demand } from "./demand.ts";
import type { Lease } from "./lease.ts";
import type { Ask, Grant } from "./throttle-ledger.ts";
import { TokenBucket } from "./token-bucket.ts";

const nothing: Limit = { rate: 0, burst: 0 };
/** Milliseconds until a limiter that could not be asked is asked again. */
const retryAfter = 1000;

export class ThrottleLease implements Lease<Ask, Grant> {
  limit: Limit;
  /** Grows with each change of the limit. */
  version: number;
  #askedVersion: number;
  readonly #lessee: string;
  readonly #held = new TokenBucket(nothing, 0, 0);
  #ends = 0;
  #renews = Number.POSITIVE_INFINITY;
  #askAfter = 0;
  #isAwaited = false;
  #returned = 0;
  #sequence = 0;
  #ledger = "";
  #lease = 0;
  #askedAt = 0;
  readonly #demand = new Demand();

  /** @param lessee names the lease, and no other that ever was */
  constructor(lessee: string, limit: Limit, version: number) {
    this.#lessee = lessee;
    this.limit = limit;
    this.version = version;
    this.#askedVersion = version;
  }

  count(now: number): void {
    this.#demand.count(now);
  }

  take(now: number): boolean {
    this.#advance(now);
    if (this.#held.tokens < 1) return false;
    this.#held.tokens--;
    return true;
  }

  giveBack(): void {
    this.#held.tokens = Math.min(this.#held.burst, this.#held.tokens + 1);
  }

  untilAsk(now: number): number {
    return this.#isChanged ? 0 : Math.max(0, this.#askAfter - now);
  }

  shouldAsk(now: number): boolean {
    if (this.#isChanged) return true;
    if (now >= this.#renews) return now < this.#ends;
    return (
      this.#isAwaited && now < this.#ends && (this.#returned > 0 || (this.#isSpent && this.#held.burst > 0))
    );
  }

  get #isChanged(): boolean {
    return this.version !== this.#askedVersion;
  }

  get #isSpent(): boolean {
    return this.#held.rate === 0 && this.#held.tokens < 1;
  }

  /** Leases end by themselves. */
  idleAfter(): undefined {
    return undefined;
  }

  ask(waiting: number, isIdle: boolean, now: number): Ask {
    this.#advance(now);
    if (this.#isSpent || isIdle) this.#hold(nothing);
    const { rate, burst, tokens } = this.#held;
    const returned = this.#returned;
    this.#returned = 0;
    this.#askedVersion = this.version;
    this.#isAwaited = false;
    this.#renews = Number.POSITIVE_INFINITY;
    this.#askedAt = now;
    return {
      limit: this.limit,
      version: this.version,
      lessee: this.#lessee,
      sequence: ++this.#sequence,
      ledger: this.#ledger,
      lease: this.#lease,
      held: { rate, burst },
      lasts: Math.max(0, this.#ends - now),
      tokens,
      returned,
      waiting,
      demand: isIdle ? 0 : this.#demand.measure(now),
      isLeaving: isIdle,
    };
  }

  answered(
    { ledger, lease, share, tokens, lasts, renewAfter, askAfter, isAwaited }: Grant,
    now: number,
  ): void {
    this.#advance(now);
    this.#ledger = ledger;
    this.#askAfter = now + askAfter;
    const ends = this.#askedAt + lasts;
    if (now >= ends) return;
    // What was left of another lease has ended with it.
    if (lease !== this.#lease) this.#returned = 0;
    this.#lease = lease;
    this.#ends = ends;
    this.#renews = this.#askedAt + renewAfter;
    this.#isAwaited = isAwaited;
    this.#held.at = now;
    // To the ledger this is a bucket of the larger burst, which was full when it held that many.
    const burst = Math.max(this.#held.burst, share.burst);
    this.#held.tokens = Math.min(burst, this.#held.tokens + tokens);
    this.#hold(share);
  }

  /** The ledger learns from the next ask that nothing was made of it. */
  cameLate(): void {}

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
}
