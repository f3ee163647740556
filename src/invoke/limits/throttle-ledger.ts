/**
 * The side of a limiter that is one in the world: the bucket, and the parts of it that are leased to isolates.
 *
 * A lease is a token bucket of its own, split off: some of the limiter's rate, burst and tokens. Isolates spend from
 * theirs without asking anybody, and all of them together admit what the whole bucket would, or less. What is leased
 * comes back when its isolate says so, or when its time is over; tokens that nobody returned count as spent. Nothing
 * depends on the isolates' clocks but that they run at the right pace: an isolate counts a lease's time from its
 * asking, the ledger from its answering, which is later. How large a part is, throttle-share.ts says.
 */

import type { Limit } from "../../definitions/limit.ts";
import {
  asksPerSecond,
  contendedLease,
  isContended,
  periodOf,
  renewal,
  type Situation,
  shareOf,
} from "./throttle-share.ts";
import { TokenBucket } from "./token-bucket.ts";

export interface Ask {
  /** As the isolate knows it; that of the highest version counts. */
  limit: Limit;
  /** Grows with each change of the limit. */
  version: number;
  /** An isolate, for its life. */
  lessee: string;
  /** Grows with each ask of this lessee. */
  sequence: number;
  /** The ledger that it has last heard of; empty before. */
  ledger: string;
  /** The lease that it holds, or held last. */
  lease: number;
  /** What the lessee holds, and goes on with unless the answer says less. */
  held: Limit;
  /** Milliseconds from the asking for which it holds that. */
  lasts: number;
  /** Tokens among what it holds. */
  tokens: number;
  /** Tokens that it gives back. */
  returned: number;
  /** Requests that wait for the answer. */
  waiting: number;
  /** Requests a second that it has lately had, refused ones included. */
  demand: number;
  /** Whether it gives back everything, and is not to get anything. */
  isLeaving: boolean;
}

export interface Grant {
  /** Names the ledger, for its life. */
  ledger: string;
  /** The lease: another when the last one had ended before it was renewed. */
  lease: number;
  /** What the lessee holds from now on. */
  share: Limit;
  /** Tokens that are new. */
  tokens: number;
  /** Milliseconds from the asking for which it holds them. */
  lasts: number;
  /** Milliseconds from the asking when to ask for more time; infinite when it is another's turn then. */
  renewAfter: number;
  /** Milliseconds from the answer before which asking for tokens gives none. */
  askAfter: number;
  /** Others need what this answer has taken away, or its tokens' place: to be confirmed at once, by an ask. */
  isAwaited: boolean;
}

/** What may be leased, kept where it survives the ledger. */
export interface Mark extends Limit {
  /** Unix time in milliseconds on the ledger's clock, until when it may be. */
  until: number;
  /** Tokens that there were then, where nothing is leased; else 0. */
  tokens: number;
}

interface Lessee {
  lease: number;
  held: Limit;
  /** Milliseconds; what it holds is free then, or, when it holds nothing, it is forgotten. */
  ends: number;
  /** Requests a second. */
  demand: number;
  /** Whether it was refused something when it last asked. */
  isWaiting: boolean;
  sequence: number;
}

/** Milliseconds by which two machines' clocks may differ; a ledger can move. */
const clockDifference = 2000;
/** Milliseconds beyond the last lease for which a mark is made: each costs a durable write. */
const markedAhead = 1000;
/** Milliseconds by which a mark may be too long. It is looked at once in as many. */
const markedTooFar = 5000;

const nothing: Limit = { rate: 0, burst: 0 };
/** Who holds what a mark allows, until it is known. */
const nobody = "";

export class ThrottleLedger {
  readonly #id = crypto.randomUUID();
  #limit: Limit = nothing;
  #version = Number.NEGATIVE_INFINITY;
  /** What is not leased. */
  readonly #rest: TokenBucket;
  readonly #lessees = new Map<string, Lessee>();
  #leased: Limit = { ...nothing };
  #demand = 0;
  #waiting = 0;
  /** When the next lease ends or the next lessee is forgotten. */
  #nextEnd = Number.POSITIVE_INFINITY;
  /** Spreads those who are refused: each is told a moment of its own. */
  #nextTurn = 0;
  /** Leases have numbers that no ledger of this limiter gave before. */
  #nextLease: number;
  #mark: Mark;
  /** When it was last seen whether the mark is too long. */
  #markSeenAt = 0;
  readonly #saveMark: (mark: Mark) => void;

  /**
   * @param mark the last that was saved; what it allows may still be leased, to whom nobody knows
   * @param saveMark keeps a mark; an answer may leave only when it is kept
   * @param now Unix time, milliseconds
   */
  constructor(mark: Mark | undefined, saveMark: (mark: Mark) => void, now: number) {
    this.#mark = mark ?? { ...nothing, until: 0, tokens: Number.POSITIVE_INFINITY };
    this.#saveMark = saveMark;
    this.#nextLease = now;
    // Leases may have ended as late as they could, and empty; since then the bucket has filled.
    const emptyAt = this.#mark.until + clockDifference;
    this.#rest = new TokenBucket(nothing, this.#mark.tokens, Math.min(emptyAt, now));
    if (emptyAt <= now || isNothing(this.#mark)) return;
    const unknown = this.#lesseeOf(nobody, emptyAt);
    this.#hold(unknown, { rate: this.#mark.rate, burst: this.#mark.burst });
    this.#nextEnd = emptyAt;
  }

  /** Answers an isolate. @param now Unix time in milliseconds, on the ledger's clock */
  ask(ask: Ask, now: number): Grant {
    if (this.#version !== Number.NEGATIVE_INFINITY) this.#advance(now);
    if (ask.version > this.#version) {
      this.#version = ask.version;
      this.#limit = ask.limit;
      this.#resize();
    }
    this.#advance(now);
    const lessee = this.#lesseeOf(ask.lessee, now);
    // What an overtaken ask says is no longer so.
    if (ask.sequence <= lessee.sequence) return { ...refusal, ledger: this.#id };
    if (this.#isOfBefore(lessee, ask)) {
      if (ask.ledger !== this.#id) return this.#asYouWere(ask);
      this.#recognize(lessee, ask, now);
    }
    lessee.sequence = ask.sequence;
    this.#report(lessee, ask, now);
    if (ask.isLeaving) return this.#leave(lessee, now);
    const grant = this.#grant(lessee, ask, now);
    this.#book(lessee, grant, now);
    return grant;
  }

  #lesseeOf(name: string, ends: number): Lessee {
    let lessee = this.#lessees.get(name);
    if (!lessee) {
      lessee = { lease: 0, held: nothing, ends, demand: 0, isWaiting: false, sequence: 0 };
      this.#lessees.set(name, lessee);
    }
    return lessee;
  }

  /**
   * Whether the lessee holds something that an earlier ledger has leased, and that the last mark stands for. The runtime
   * ends an object that is not asked for some seconds, as that of a quiet limit is between two renewals.
   */
  #isOfBefore(lessee: Lessee, { held, lasts }: Ask): boolean {
    return lessee.sequence === 0 && lasts > 0 && !isNothing(held) && this.#lessees.has(nobody);
  }

  /**
   * An ask that was sent before this ledger began can be an old one, and what it says no longer so. Whoever has heard of
   * this ledger says what holds now.
   */
  #asYouWere({ lease, held, lasts }: Ask): Grant {
    return { ...refusal, ledger: this.#id, lease, share: held, lasts };
  }

  /** From now on it is known whose that part of the mark is. */
  #recognize(lessee: Lessee, { lease, held, lasts }: Ask, now: number): void {
    const unknown = this.#lesseeOf(nobody, now);
    const part = {
      rate: Math.min(held.rate, unknown.held.rate),
      burst: Math.min(held.burst, unknown.held.burst),
    };
    this.#hold(unknown, { rate: unknown.held.rate - part.rate, burst: unknown.held.burst - part.burst });
    this.#hold(lessee, part);
    lessee.lease = lease;
    lessee.ends = now + lasts;
  }

  /** What the lessee says it has: what it has given up is free, and what has ended meanwhile stays so. */
  #report(lessee: Lessee, { lease, held, lasts, returned, demand, waiting }: Ask, now: number): void {
    if (!isNothing(lessee.held)) lessee.ends = Math.min(lessee.ends, now + lasts);
    const before = lessee.held.burst;
    const burst = Math.min(held.burst, before);
    this.#hold(lessee, { rate: Math.min(held.rate, lessee.held.rate), burst });
    // Tokens come back with the burst that held them: where that lease has ended, the rest has filled in their stead.
    const back = lease === lessee.lease ? Math.min(returned, before - burst) : 0;
    this.#rest.tokens = Math.min(this.#rest.burst, this.#rest.tokens + back);
    this.#demand += Math.max(demand, waiting) - lessee.demand;
    lessee.demand = Math.max(demand, waiting);
  }

  #grant(lessee: Lessee, ask: Ask, now: number): Grant {
    const rest = this.#rest;
    const { held } = lessee;
    const situation: Situation = {
      limit: this.#limit,
      spare: rest.tokens,
      demand: this.#demand,
      isolates: this.#lessees.size,
      isAwaited: this.#waiting > 0,
    };
    const period = periodOf(this.#lessees.size);
    const wanted = shareOf({ held, demand: lessee.demand, waiting: ask.waiting }, situation);
    const part = this.#partOf(wanted, held);
    const grown = Math.min(rest.burst, part.burst - held.burst);
    const inProportion = grown > 0 ? (rest.tokens * grown) / rest.burst : 0;
    const kept = Math.min(ask.tokens, held.burst);
    const needed = Math.min(Math.floor(rest.tokens), Math.ceil(Math.max(ask.waiting, wanted.tokens) - kept));
    const tokens = Math.max(inProportion, needed, 0);
    rest.tokens -= tokens;
    const burst = Math.max(part.burst, Math.min(kept + tokens, held.burst + rest.burst));
    const share = { rate: part.rate, burst };
    const isRefused = kept + tokens < ask.waiting;
    this.#waiting += Number(isRefused) - Number(lessee.isWaiting);
    lessee.isWaiting = isRefused;

    const { lasts } = wanted;
    const isAwaited = this.#isAwaited(held, share, period);
    const hasRate = share.rate > 0;
    const renewAfter = hasRate && !wanted.isInTurn ? lasts * renewal : Number.POSITIVE_INFINITY;
    // Who is to say when the tokens are spent is told then when to ask again.
    const isSatisfied = !isRefused && (!isContended(situation) || isAwaited);
    const hasShare = hasRate && isContended(situation);
    const askAfter = hasShare ? Math.min(renewAfter, lasts) : isSatisfied ? 0 : this.#turn(period, now);
    if (isNothing(held)) lessee.lease = this.#nextLease++;
    const { lease } = lessee;
    return { ledger: this.#id, lease, share, tokens, lasts, renewAfter, askAfter, isAwaited };
  }

  #leave(lessee: Lessee, now: number): Grant {
    lessee.ends = now;
    this.#nextEnd = now;
    this.settle(now);
    return { ...refusal, ledger: this.#id };
  }

  /** When nothing is leased any longer, the bucket is what it is, also for a ledger that comes after this one. */
  settle(now: number): void {
    this.#advance(now);
    if (Array.from(this.#lessees.values()).some(({ held }) => !isNothing(held))) return;
    this.#mark = { ...nothing, until: now, tokens: this.#rest.tokens };
    this.#saveMark(this.#mark);
  }

  /** As much of what is wanted as there is, its rate and burst in proportion. */
  #partOf(wanted: Limit, held: Limit): Limit {
    const most = { rate: held.rate + this.#rest.rate, burst: held.burst + this.#rest.burst };
    const scale = Math.min(1, most.rate / wanted.rate, most.burst / wanted.burst);
    const burst = wanted.burst * scale;
    // Not a number, either, where nothing is wanted.
    if (!(burst >= 1)) return nothing;
    // A rest that can hold no token is of no use when nobody else has a part.
    const isAlone = this.#leased.burst - held.burst < 1e-6;
    return isAlone && most.burst - burst < 1 ? most : { rate: wanted.rate * scale, burst };
  }

  /** Milliseconds after which one that has no share may ask again: when there can be something, and not all at once. */
  #turn(period: number, now: number): number {
    const soonest = Math.min(this.#rest.untilToken(), Math.max(0, this.#nextEnd - now), period / 2);
    const turn = Math.max(now + soonest, this.#nextTurn);
    this.#nextTurn = turn + 1000 / asksPerSecond;
    return Math.min(turn - now, contendedLease.longest);
  }

  #isAwaited(held: Limit, share: Limit, period: number): boolean {
    const { rate, burst } = this.#limit;
    if (share.rate === 0 && share.burst > 0) return (rate * period) / 1000 > burst / 2;
    const lessRate = held.rate - share.rate;
    const isReduced = held.burst - share.burst >= 1 || (lessRate > 0 && lessRate >= rate / 10);
    return isReduced && this.#waiting > 0;
  }

  /** Until the lessee confirms a smaller share it may hold the larger one: an answer can be lost. */
  #book(lessee: Lessee, { share, lasts, askAfter }: Grant, now: number): void {
    const { held } = lessee;
    this.#hold(lessee, {
      rate: Math.max(share.rate, held.rate),
      burst: Math.max(share.burst, held.burst),
    });
    // Who holds nothing is remembered until it can have asked again.
    lessee.ends = isNothing(lessee.held)
      ? now + askAfter + contendedLease.shortest
      : Math.max(now + lasts, lessee.ends);
    this.#nextEnd = Math.min(this.#nextEnd, lessee.ends);
    if (!isNothing(lessee.held)) this.#markIfNeeded(lessee.ends, now);
  }

  /**
   * The larger and longer a mark, the fewer durable writes, and the more is held back after a restart.
   * @param ends milliseconds, when what was leased last ends
   */
  #markIfNeeded(ends: number, now: number): void {
    const mark = this.#mark;
    const { rate, burst } = this.#leased;
    const isEnough = rate <= mark.rate && burst <= mark.burst && ends <= mark.until;
    if (isEnough && (mark.until < ends + markedTooFar || now < this.#markSeenAt + markedTooFar)) return;
    this.#markSeenAt = now;
    let last = ends;
    for (const { held, ends } of this.#lessees.values()) if (!isNothing(held) && ends > last) last = ends;
    if (isEnough && mark.until < last + markedTooFar) return;
    // What an earlier mark had more than was leased does not count again.
    const unknown = this.#lessees.get(nobody)?.held ?? nothing;
    this.#mark = {
      rate: Math.max(rate, Math.min(this.#limit.rate, (rate - unknown.rate) * 1.5)),
      burst: Math.max(burst, Math.min(this.#limit.burst, (burst - unknown.burst) * 1.5)),
      until: last + markedAhead,
      tokens: 0,
    };
    this.#saveMark(this.#mark);
  }

  /** Ends what has ended, in order, and fills the rest. A lessee is remembered for a while for its demand. */
  #advance(now: number): void {
    if (now >= this.#nextEnd) {
      const ended = Array.from(this.#lessees)
        .filter(([, { ends }]) => ends <= now)
        .sort(([, a], [, b]) => a.ends - b.ends);
      for (const [name, lessee] of ended) this.#end(name, lessee);
      this.#nextEnd = Number.POSITIVE_INFINITY;
      for (const { ends } of this.#lessees.values()) this.#nextEnd = Math.min(this.#nextEnd, ends);
    }
    this.#rest.refill(now);
  }

  #end(name: string, lessee: Lessee): void {
    this.#rest.refill(lessee.ends);
    if (!isNothing(lessee.held)) {
      this.#hold(lessee, nothing);
      lessee.ends += contendedLease.shortest;
      return;
    }
    // While others' leases of before are out, old asks can be on their way as well.
    if (name !== nobody && this.#lessees.has(nobody)) {
      lessee.ends = Math.max(lessee.ends, this.#lesseeOf(nobody, 0).ends) + contendedLease.shortest;
      return;
    }
    this.#lessees.delete(name);
    this.#demand -= lessee.demand;
    this.#waiting -= Number(lessee.isWaiting);
    // Sums of fractions drift.
    if (this.#lessees.size > 0) return;
    this.#demand = 0;
    this.#leased = { ...nothing };
    this.#resize();
  }

  #hold(lessee: Lessee, held: Limit): void {
    this.#leased.rate += held.rate - lessee.held.rate;
    this.#leased.burst += held.burst - lessee.held.burst;
    lessee.held = held;
    this.#resize();
  }

  #resize(): void {
    const rest = this.#rest;
    rest.rate = Math.max(0, this.#limit.rate - this.#leased.rate);
    rest.burst = Math.max(0, this.#limit.burst - this.#leased.burst);
    // Before there is a limit, the bucket is as full as it will be.
    if (this.#version !== Number.NEGATIVE_INFINITY) rest.tokens = Math.min(rest.tokens, rest.burst);
  }
}

const refusal: Grant = {
  ledger: "",
  lease: 0,
  share: nothing,
  tokens: 0,
  lasts: 0,
  renewAfter: 0,
  askAfter: 0,
  isAwaited: false,
};

const isNothing = ({ rate, burst }: Limit): boolean => rate === 0 && burst === 0;
