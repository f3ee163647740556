/**
 * A limit as requests meet it: its isolate's lease, and the way to the object that leases. A request that the lease
 * can serve waits for nothing; any other waits for an answer that all who come meanwhile share.
 */
import { sharedPromise } from "../shared-promise.ts";
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
  /** When it was asked: a request that the platform ends takes what it waits for with it. */
  #askedAt = 0;
  /** Asks so far: what belongs to an earlier one comes too late. */
  #asks = 0;
  /** How many wait for what is pending, or for their turn to ask. */
  #waiting = { count: 0 };
  #hasFailed = false;
  /** Names the watch that is on, if any, and until when: it can end with its request, too. */
  #watcher: { end: number } | undefined;

  /** @param send asks the object that leases */
  constructor(lease: Lease<Ask, Grant>, send: (ask: Ask) => Promise<Grant>, onFailure: OnFailure) {
    this.lease = lease;
    this.#send = send;
    this.#onFailure = onFailure;
  }

  /** @param waitUntil keeps work alive that outlives the request @returns whether the request may pass */
  admit(waitUntil: WaitUntil): boolean | Promise<boolean> {
    const now = Date.now();
    if (this.#pending && now > this.#askedAt + 2 * patience[this.#onFailure]) this.#abandon(now);
    this.lease.count(now);
    if (this.#waiting.count === 0 && this.lease.take(now)) {
      this.#afterwards(now, waitUntil);
      return true;
    }
    // While it is known to be out of reach, nobody waits to hear that again.
    if (this.#pending && this.#otherwise()) return true;
    if (this.#pending || this.lease.untilAsk(now) === 0) return this.#wait(waitUntil);
    return this.#otherwise();
  }

  /** The request that has just passed, without waiting, did not pass after all: another limit has refused it. */
  giveBack(): void {
    // Meanwhile requests pass that took nothing.
    if (!this.#hasFailed) this.lease.giveBack();
  }

  /** Gives back all that is held: nobody will need it. @returns when the object knows, or cannot be told */
  async leave(waitUntil: WaitUntil): Promise<void> {
    await this.#pending;
    // An object that has begun anew has to hear first who holds what.
    for (let round = 0; round < 2; round++) await this.#ask(false, waitUntil);
    await this.#ask(true, waitUntil);
  }

  async #wait(waitUntil: WaitUntil): Promise<boolean> {
    for (let round = 0; round < rounds; round++) {
      const waiting = this.#waiting;
      waiting.count++;
      try {
        await (this.#pending ?? this.#ask(false, waitUntil));
      } finally {
        waiting.count--;
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
    this.#watchOver(now, waitUntil);
  }

  #watchOver(now: number, waitUntil: WaitUntil): void {
    if ((this.#watcher && now < this.#watcher.end) || this.lease.idleAfter(now) === undefined) return;
    const watcher = { end: now + longestWatch };
    this.#watcher = watcher;
    waitUntil(this.#watch(watcher, waitUntil));
  }

  /** Gives back what nobody needs any longer. @param watcher ends in milliseconds of Unix time: another takes over */
  async #watch(watcher: { end: number }, waitUntil: WaitUntil): Promise<void> {
    // While nobody takes over, nobody comes, and it is soon over.
    for (let now = Date.now(); this.#watcher === watcher || !this.#watcher; now = Date.now()) {
      const idleAfter = this.lease.idleAfter(now);
      if (idleAfter === undefined) break;
      if (idleAfter === 0 && !this.#pending) {
        await this.#ask(true, waitUntil);
        continue;
      }
      if (now >= watcher.end) this.#watcher = undefined;
      await sleep(Math.max(idleAfter, 50));
    }
    if (this.#watcher === watcher) this.#watcher = undefined;
  }

  /** Nobody is there any longer to hear the answer, or that there is none. */
  #abandon(now: number): void {
    this.#pending = undefined;
    this.#waiting = { count: 0 };
    this.#asks++;
    this.lease.failed(now);
  }

  /** Never rejects; an answer that comes too late is none. */
  #ask(isIdle: boolean, waitUntil: WaitUntil): Promise<void> {
    this.#askedAt = Date.now();
    const ask = this.lease.ask(this.#waiting.count, isIdle, this.#askedAt);
    const pending = sharedPromise(
      this.#answer(ask, waitUntil).finally(() => {
        if (this.#pending === pending) this.#pending = undefined;
        this.#watchOver(Date.now(), waitUntil);
      }),
    );
    this.#pending = pending;
    // Others may wait for it after this request's client has gone.
    waitUntil(pending);
    return pending;
  }

  async #answer(ask: Ask, waitUntil: WaitUntil): Promise<void> {
    const asked = ++this.#asks;
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      const sent = this.#send(ask);
      const tooLate = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          reject(new Error("no answer in time"));
          waitUntil(this.#awaitLate(sent, waitUntil));
        }, patience[this.#onFailure]);
      });
      const grant = await Promise.race([sent, tooLate]);
      if (asked !== this.#asks) {
        this.lease.cameLate(grant, Date.now());
        return;
      }
      this.#hasFailed = false;
      this.lease.answered(grant, Date.now());
    } catch (error) {
      if (asked !== this.#asks) return;
      if (!this.#hasFailed)
        console.error(`A limit cannot be reached: ${error instanceof Error ? error.message : error}`);
      this.#hasFailed = true;
      this.lease.failed(Date.now());
    } finally {
      clearTimeout(timer);
    }
  }

  async #awaitLate(sent: Promise<Grant>, waitUntil: WaitUntil): Promise<void> {
    const grant = await sent.catch(() => undefined);
    if (!grant) return;
    const now = Date.now();
    this.lease.cameLate(grant, now);
    this.#watchOver(now, waitUntil);
  }
}

/** @param duration milliseconds */
const sleep = (duration: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, duration));
