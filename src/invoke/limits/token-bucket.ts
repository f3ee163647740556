/**
 * A token bucket that can be split: parts whose rates, bursts and tokens sum to those of the whole admit together no
 * more than the whole would, whenever each of them is asked. A lease is such a part.
 */

import type { Limit } from "../../definitions/limit.ts";

export class TokenBucket {
  rate: number;
  burst: number;
  tokens: number;
  /** Milliseconds on its owner's clock, when `tokens` was right. */
  at: number;

  constructor({ rate, burst }: Limit, tokens: number, at: number) {
    this.rate = rate;
    this.burst = burst;
    this.tokens = tokens;
    this.at = at;
  }

  /** Adds what has run in since. A clock that goes back adds nothing. @param now milliseconds */
  refill(now: number): void {
    if (now <= this.at) return;
    this.tokens = Math.min(this.burst, this.tokens + (this.rate * (now - this.at)) / 1000);
    this.at = now;
  }

  /** Milliseconds from the last refill until there is a whole token; infinite when there never is one. */
  untilToken(): number {
    if (this.tokens >= 1) return 0;
    if (this.rate <= 0 || this.burst < 1) return Number.POSITIVE_INFINITY;
    return ((1 - this.tokens) / this.rate) * 1000;
  }
}
