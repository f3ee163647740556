/**
 * A limit as requests meet it: its isolate's lease, and the way to the object that leases. A request that the lease
 * can serve waits for nothing; any other waits for an answer that all who come meanwhile share.
 */
import type { Lease } from "./lease.ts";

/** What happens to requests while a limit cannot be reached and nothing is left of its lease. */
export type OnFailure = "open" | "closed";

type WaitUntil = (work: Promise<unknown>) => void;

/** Milliseconds that an answer may take. */
const patience = { open: 250, closed: 1000 } as const;
/** How often a request asks: others may take what it was granted. */
const rounds = 3;
/** Milliseconds that a request waits for its turn to ask, rather than being refused. */
const longestNap = 10;
/** Milliseconds for which one request watches over what is to be given back; the next one goes on with it. */
const longestWatch = 20_000;

export class Limiter<Ask = unknown, Grant = unknown> {
  readonly lease: Lease<Ask, Grant>;
  readonly #send: (ask: Ask) => Promise<Grant>;
  readonly #onFailure: OnFailure;
  #pending: Promise<void> | undefined;
  #waiting = 0;
  #hasFailed = false;
  #isWatched = false;

  /** @param send asks the object that leases */
  constructor(lease: Lease<Ask, Grant>, send: (ask: Ask) => Promise<Grant>, onFailure: OnFailure) {
    this.lease = lease;
    this.#send = send;
    this.#onFailure = onFailure;
  }

  /** @param waitUntil keeps work alive that outlives the request @returns whether the request may pass */
  admit(waitUntil: WaitUntil): boolean | Promise<boolean> {
    const now = Date.now();
    this.lease.count(now);
    if (this.#waiting === 0 && this.lease.take(now)) {
      this.#afterwards(now, waitUntil);
      return true;
    }
    // While it is known to be out of reach, nobody waits to hear that again.
    if (this.#pending && this.#otherwise()) return true;
    if (this.#pending || this.lease.untilAsk(now) === 0) return this.#wait(waitUntil);
    return this.#otherwise();
  }

  /** The request did not pass after all: another limit has refused it. */
  giveBack(): void {
    this.lease.giveBack();
  }

  async #wait(waitUntil: WaitUntil): Promise<boolean> {
    for (let round = 0; round < rounds; round++) {
      this.#waiting++;
      try {
        await (this.#pending ?? this.#ask(false, waitUntil));
      } finally {
        this.#waiting--;
      }
      const now = Date.now();
      if (this.lease.take(now)) {
        this.#afterwards(now, waitUntil);
        return true;
      }
      const until = this.lease.untilAsk(now);
      if (until > longestNap) break;
      if (until > 0) await sleep(until);
    }
    return this.#otherwise();
  }

  #otherwise(): boolean {
    return this.#hasFailed && this.#onFailure === "open";
  }

  #afterwards(now: number, waitUntil: WaitUntil): void {
    if (!this.#pending && this.lease.shouldAsk(now)) this.#ask(false, waitUntil);
    if (this.#isWatched || this.lease.idleAfter(now) === undefined) return;
    this.#isWatched = true;
    waitUntil(this.#watch(now + longestWatch, waitUntil));
  }

  /** Gives back what nobody needs any longer. @param end Unix time in milliseconds, when another takes over */
  async #watch(end: number, waitUntil: WaitUntil): Promise<void> {
    try {
      for (let now = Date.now(); now < end; now = Date.now()) {
        const idleAfter = this.lease.idleAfter(now);
        if (idleAfter === undefined) return;
        if (idleAfter === 0 && !this.#pending) break;
        await sleep(Math.max(idleAfter, 50));
      }
      if (!this.#pending) await this.#ask(true, waitUntil);
    } finally {
      this.#isWatched = false;
    }
  }

  /** Never rejects; an answer that comes too late is none. */
  #ask(isIdle: boolean, waitUntil: WaitUntil): Promise<void> {
    const ask = this.lease.ask(this.#waiting, isIdle, Date.now());
    const pending = this.#answer(ask).finally(() => {
      if (this.#pending === pending) this.#pending = undefined;
    });
    this.#pending = pending;
    // Others may wait for it after this request's client has gone.
    waitUntil(pending);
    return pending;
  }

  async #answer(ask: Ask): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      const tooLate = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error("no answer in time")), patience[this.#onFailure]);
      });
      const grant = await Promise.race([this.#send(ask), tooLate]);
      this.#hasFailed = false;
      this.lease.answered(grant, Date.now());
    } catch (error) {
      if (!this.#hasFailed)
        console.error(`A limit cannot be reached: ${error instanceof Error ? error.message : error}`);
      this.#hasFailed = true;
      this.lease.failed(Date.now());
    } finally {
      clearTimeout(timer);
    }
  }
}

/** @param duration milliseconds */
const sleep = (duration: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, duration));
