/** A throttle under a steady demand, in virtual time: how much of the limit is used, and what it costs. */
import { VirtualThrottle } from "./virtual-throttle.ts";
import { VirtualTime } from "./virtual-time.ts";

export interface Scenario {
  /** Of the limit: tokens a second, and tokens. */
  rate: number;
  burst: number;
  isolates: number;
  /** Requests a second at each isolate, in a Poisson process. */
  each: number;
  /** Milliseconds of an ask with its answer, on average. */
  roundTrip: number;
  /** Of what is measured; 15 before are not. */
  seconds: number;
  /** The part of the messages that is lost. */
  lost?: number;
  /** Of the ledger, evenly. */
  restarts?: number;
  seed?: number;
}

export interface Outcome {
  requests: number;
  admitted: number;
  /** Since the beginning. */
  refused: number;
  /** Of the rate. */
  used: number;
  /** Of what one bucket that sees every request would have admitted. */
  ofIdeal: number;
  /** The most by which a span of time saw more than `burst + rate × span`; below zero: never. */
  excess: number;
  asks: number;
  /** Durable writes. */
  marks: number;
}

/** Seconds. */
const warmUp = 15;
const reportedEvery = 60;

/** @param progress is told from time to time how many seconds have passed */
export function overload(scenario: Scenario, progress?: (seconds: number) => void): Outcome {
  const { rate, burst, each, roundTrip, seconds, lost = 0, restarts = 0, seed = 1 } = scenario;
  const random = randomOf(seed);
  const time = new VirtualTime();
  const throttle = new VirtualThrottle({ rate, burst }, time, {
    delay: () => (roundTrip / 2) * (0.5 + random()),
    isLost: () => random() < lost,
    skew: () => (random() * 2 - 1) * 1000,
  });
  for (let index = 0; index < scenario.isolates; index++) {
    const isolate = throttle.addIsolate();
    const next = () => {
      isolate.request();
      time.after((-Math.log(1 - random()) / each) * 1000, next);
    };
    time.after((random() / each) * 1000, next);
  }
  for (let count = 1; count <= restarts; count++) {
    time.after((warmUp + (seconds * count) / (restarts + 1)) * 1000, () => throttle.restart());
  }
  time.runUntil(warmUp * 1000);
  const { admitted, refused, ideal, asks, marks } = throttle;
  for (let passed = 0; passed < seconds; passed += reportedEvery) {
    progress?.(passed);
    time.runUntil((warmUp + Math.min(seconds, passed + reportedEvery)) * 1000);
  }
  return {
    requests: throttle.admitted - admitted + throttle.refused - refused,
    admitted: throttle.admitted - admitted,
    refused: throttle.refused,
    used: (throttle.admitted - admitted) / (rate * seconds),
    ofIdeal: (throttle.admitted - admitted) / (throttle.ideal - ideal),
    excess: throttle.excess,
    asks: throttle.asks - asks,
    marks: throttle.marks - marks,
  };
}

/** Numbers from 0 up to 1 that are the same for a seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
