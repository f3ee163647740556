/**
 * One throttle in virtual time: its ledger, isolates that lease from it, a network that delays and loses, clocks that
 * differ, restarts. The ledger and the leases are the real ones; what is played is the world around them.
 */

import type { Limit } from "../../src/definitions/limit.ts";
import { ThrottleLease } from "../../src/invoke/limits/throttle-lease.ts";
import { type Grant, type Mark, ThrottleLedger } from "../../src/invoke/limits/throttle-ledger.ts";
import type { VirtualTime } from "./virtual-time.ts";

export interface World {
  /** Milliseconds that a message takes one way. */
  delay: () => number;
  /** Whether a message is lost. */
  isLost: () => boolean;
  /** Milliseconds by which the next clock differs from the true time. */
  skew: () => number;
}

/** Milliseconds after which an isolate does not wait for an answer any longer. */
const patience = 1000;
/** How often a waiting request asks. */
const rounds = 3;

/** A request that waits. */
interface Waiting {
  /** How often it has asked. */
  rounds: number;
  isRefused: boolean;
}

/** Asks at one moment beyond which isolates go round in circles. */
const mostAtOnce = 20_000;

export class VirtualThrottle {
  limit: Limit;
  version = 1;
  admitted = 0;
  refused = 0;
  asks = 0;
  marks = 0;
  /** The most by which what was admitted in any span of time was over `burst + rate × span`; negative: never. */
  excess = Number.NEGATIVE_INFINITY;
  readonly isolates: VirtualIsolate[] = [];
  readonly time: VirtualTime;
  readonly world: World;
  #ledger!: ThrottleLedger;
  #skew = 0;
  #askedAt = 0;
  #asksAtOnce = 0;
  #mark: Mark | undefined;
  /** What one bucket would have admitted that sees every request when it comes. */
  ideal = 0;
  #ideal: { tokens: number; at: number };
  /** A bucket that sees every admission when it happens. */
  #exact: { tokens: number; at: number };

  constructor(limit: Limit, time: VirtualTime, world: World) {
    this.limit = limit;
    this.time = time;
    this.world = world;
    this.#exact = { tokens: limit.burst, at: time.now };
    this.#ideal = { tokens: limit.burst, at: time.now };
    this.restart();
  }

  /** The ledger forgets all but its mark, and wakes on a machine with another clock. */
  restart(): void {
    this.#skew = this.world.skew();
    const save = (mark: Mark) => {
      this.#mark = mark;
      this.marks++;
    };
    this.#ledger = new ThrottleLedger(this.#mark, save, this.#now());
  }

  /** Another limit, which all isolates learn of at once. */
  change(limit: Limit): void {
    this.limit = limit;
    this.version++;
    for (const isolate of this.isolates) isolate.learn(limit, this.version);
  }

  addIsolate(): VirtualIsolate {
    const isolate = new VirtualIsolate(this, `isolate-${this.isolates.length}`);
    this.isolates.push(isolate);
    return isolate;
  }

  ask(ask: Parameters<ThrottleLedger["ask"]>[0]): Grant {
    this.asks++;
    this.#asksAtOnce = this.#askedAt === this.time.now ? this.#asksAtOnce + 1 : 1;
    this.#askedAt = this.time.now;
    if (this.#asksAtOnce > mostAtOnce) throw new Error("Isolates ask again and again");
    const ledger = this.#ledger;
    const grant = ledger.ask(ask, this.#now());
    // As the object does.
    if (grant.lasts > 0) {
      this.time.after(grant.lasts, () => {
        if (ledger === this.#ledger) ledger.settle(this.#now());
      });
    }
    return grant;
  }

  came(): void {
    const { rate, burst } = this.limit;
    const ideal = this.#ideal;
    ideal.tokens = Math.min(burst, ideal.tokens + (rate * (this.time.now - ideal.at)) / 1000);
    ideal.at = this.time.now;
    if (ideal.tokens < 1) return;
    ideal.tokens--;
    this.ideal++;
  }

  admit(): void {
    const { rate, burst } = this.limit;
    const exact = this.#exact;
    exact.tokens = Math.min(burst, exact.tokens + (rate * (this.time.now - exact.at)) / 1000) - 1;
    exact.at = this.time.now;
    this.excess = Math.max(this.excess, -exact.tokens);
    this.admitted++;
  }

  #now(): number {
    return start + this.time.now + this.#skew;
  }
}

/** Unix time in milliseconds when virtual time begins. */
export const start = Date.UTC(2026, 0, 1);

export class VirtualIsolate {
  readonly #throttle: VirtualThrottle;
  readonly #lease: ThrottleLease;
  readonly #skew: number;
  #waiting: Waiting[] = [];
  #pending: object | undefined;

  constructor(throttle: VirtualThrottle, name: string) {
    this.#throttle = throttle;
    this.#lease = new ThrottleLease(name, throttle.limit, throttle.version);
    this.#skew = throttle.world.skew();
  }

  /** @param isRefused whether another limit refuses what this one lets pass */
  request(isRefused = false): void {
    const now = this.#now();
    if (!isRefused) this.#throttle.came();
    this.#lease.count(now);
    if (this.#waiting.length === 0 && this.#lease.take(now)) {
      if (!isRefused) this.#throttle.admit();
      if (!this.#pending && this.#lease.shouldAsk(now)) this.#ask();
      if (isRefused) this.#lease.giveBack();
    } else if (this.#pending) this.#waiting.push({ rounds: 0, isRefused });
    else if (this.#lease.untilAsk(now) === 0) {
      this.#waiting.push({ rounds: 0, isRefused });
      this.#ask();
    } else this.#throttle.refused++;
  }

  /** Learns that the limit has changed. */
  learn(limit: Limit, version: number): void {
    this.#lease.limit = limit;
    this.#lease.version = version;
  }

  #now(): number {
    return start + this.#throttle.time.now + this.#skew;
  }

  #ask(): void {
    const { time, world } = this.#throttle;
    const ask = this.#lease.ask(this.#waiting.length, false, this.#now());
    const pending = {};
    this.#pending = pending;
    const end = (then: () => void) => {
      if (this.#pending !== pending) return;
      this.#pending = undefined;
      then();
    };
    time.after(patience, () => {
      end(() => {
        this.#lease.failed(this.#now());
        this.#settle();
      });
    });
    if (world.isLost()) return;
    time.after(world.delay(), () => {
      const grant = this.#throttle.ask(ask);
      if (world.isLost()) return;
      time.after(world.delay(), () => {
        end(() => {
          this.#lease.answered(grant, this.#now());
          this.#settle();
        });
      });
    });
  }

  #settle(): void {
    const now = this.#now();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { rounds: asked, isRefused } of waiting) {
      if (this.#lease.take(now)) {
        if (!isRefused) this.#throttle.admit();
      } else if (asked + 1 < rounds && this.#lease.untilAsk(now) === 0) {
        this.#waiting.push({ rounds: asked + 1, isRefused });
      } else this.#throttle.refused++;
    }
    if (this.#waiting.length > 0 || this.#lease.shouldAsk(now)) this.#ask();
  }
}
