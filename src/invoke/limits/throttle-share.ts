/**
 * What part of a limiter's bucket an isolate should have.
 *
 * - While there is enough for all, everyone has half as much again as it has lately needed, and a fixed small part at
 *   least, for long, so that quiet isolates need not ask for each request. Where that would be few tokens, part of the
 *   whole is shared out by demand, and the rest kept together for those who ask.
 * - When there is not, everyone has a share by its demand, for a second, or for more when many ask.
 * - Buckets that hold few tokens overflow between requests; so where shares would be small there are none, and each
 *   ask gets tokens.
 * - Where even tokens on their way would keep the next ones from running in, some isolates have larger shares, one after
 *   the other; one that could use up the whole has the whole.
 */
import type { Limit } from "../../definitions/limit.ts";

export interface Share extends Limit {
  /** Tokens that are useful beyond those that come with a share of the burst. */
  tokens: number;
  /** Milliseconds. */
  lasts: number;
  /** Whether it is another's turn afterwards: it is not renewed then. */
  isInTurn: boolean;
}

export interface Situation {
  limit: Limit;
  /** Tokens that nobody holds. */
  spare: number;
  /** Requests a second of all isolates that asked lately, and their number. */
  demand: number;
  isolates: number;
  /** Whether some have lately been refused something. */
  isAwaited: boolean;
}

export interface Isolate {
  held: Limit;
  /** Requests a second. */
  demand: number;
  /** Requests that wait for the answer. */
  waiting: number;
}

/** Asks a second that one limiter answers, on average: leases last the longer the more isolates there are. */
export const asksPerSecond = 200;
/** The part of a lease's time after which it is renewed. */
export const renewal = 0.75;
/** Milliseconds of a lease while the limit is contended, and while it is not. */
export const contendedLease = { shortest: 1000, longest: 10_000 };
const quietLease = 20_000;
/** Of the whole: what the first quiet isolate has at least; the n-th has an n-th of it. */
const quietPart = 1 / 16;
/** Requests a second that a quiet isolate is prepared for. */
const quietRate = 30;
/** Tokens that a share must hold for half as much again to be enough: few requests come too unevenly for that. */
const steadyBurst = 8;
/** Of the whole: what isolates with smaller shares have together; the rest is there for whoever lacks something. */
const sharedOut = 0.6;
/** Of the rate: the demand from which on it is shared out. */
const contention = 0.9;
/** Tokens that a share of a contended bucket must be able to hold. */
const smallestBurst = 4;
/** Tokens a second below which a share is of no use: its time is over before it has any. */
const slowest = 5;
/** Milliseconds that an ask and its answer may take between places far apart. */
const roundTrip = 100;

/** Milliseconds. */
export const periodOf = (isolates: number): number =>
  Math.min(
    contendedLease.longest,
    Math.max(contendedLease.shortest, ((isolates / asksPerSecond) * 1000) / renewal),
  );

export const isContended = ({ limit, demand }: Situation): boolean => demand >= limit.rate * contention;

/** @returns what the isolate would have if nothing were leased */
export function shareOf(isolate: Isolate, situation: Situation): Share {
  const period = periodOf(situation.isolates);
  return isContended(situation)
    ? contendedShare(isolate, situation, period)
    : quietShare(isolate, situation, period);
}

function quietShare({ demand }: Isolate, situation: Situation, period: number): Share {
  const { limit, isolates, spare } = situation;
  const { rate, burst } = limit;
  const least = Math.min(quietRate, (rate * quietPart) / isolates);
  const usual = Math.min(rate, Math.max(demand * 1.5, least));
  const part = situation.demand > demand ? demand / situation.demand : 1;
  const isSteady = (burst * usual) / rate >= steadyBurst;
  const wanted = isSteady ? usual : Math.min(usual, Math.max(least, rate * sharedOut * part));
  const wantedBurst = (burst * wanted) / rate;
  // Place for a token that is spent at once is soon free again.
  const isQuiet = wanted <= rate * quietPart;
  const lasts = wantedBurst < 1 ? contendedLease.shortest : isQuiet ? quietLease : period;
  const tokens = spare >= isolates * 2 ? Math.min(demand * 2, spare * part) : 0;
  return { rate: wanted, burst: wantedBurst, tokens, lasts, isInTurn: false };
}

function contendedShare({ held, demand, waiting }: Isolate, situation: Situation, lasts: number): Share {
  const { limit, isAwaited } = situation;
  const { rate, burst } = limit;
  const part = demand / situation.demand;
  const isSlow = rate < slowest;
  // What others leave over gathers; whoever asks gets some, if it will use it.
  const spare = situation.spare * Math.min(1, part * 5);
  const useful = (demand * lasts) / 1000;
  if (part > 0.9 && !isSlow) return { rate, burst, tokens: spare, lasts, isInTurn: false };
  if (burst * part >= smallestBurst && !isSlow) {
    return {
      rate: rate * part,
      burst: burst * part,
      tokens: Math.min(spare, useful),
      lasts,
      isInTurn: false,
    };
  }
  const away = (rate * roundTrip) / 1000;
  // A third of the demand uses a bucket well; at least, it has to hold a token.
  const turn = demand >= rate ? rate : Math.max(demand / 3, rate / burst);
  if (burst < 1 + away && turn <= demand && !isSlow) {
    const isOver = held.rate > 0 && isAwaited;
    const share = isOver ? 0 : turn;
    const turnLasts = Math.min(lasts * 3, contendedLease.longest);
    return { rate: share, burst: (burst * share) / rate, tokens: 0, lasts: turnLasts, isInTurn: true };
  }
  const batch = Math.max(spare, (rate * part * lasts) / 1000);
  return { rate: 0, burst: 0, tokens: waiting > 0 ? Math.min(batch, useful) : 0, lasts, isInTurn: false };
}
