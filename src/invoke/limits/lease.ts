/** An isolate's part of a limit: a state machine without a clock and without I/O, which a Limiter drives. */
export interface Lease<Ask, Grant> {
  /** Counts a request, whether it will be admitted or not. @param now Unix time in milliseconds, here as below */
  count(now: number): void;
  /** @returns whether a request may pass, which is spent then */
  take(now: number): boolean;
  /** Takes back what was not spent after all: at once, since later another token may be in its place. */
  giveBack(): void;
  /** Milliseconds until asking can help a request that may not pass. */
  untilAsk(now: number): number;
  /** Whether it is time to ask although requests may pass, or to say that something is no longer held. */
  shouldAsk(now: number): boolean;
  /** Milliseconds from now when what is held is to be given back if no request comes until then; undefined: never. */
  idleAfter(now: number): number | undefined;
  /** What to ask, now. @param waiting requests that wait for the answer @param isIdle whether nothing is needed */
  ask(waiting: number, isIdle: boolean, now: number): Ask;
  answered(grant: Grant, now: number): void;
  /** An answer that nobody waited for any longer, after `failed`. */
  cameLate(grant: Grant, now: number): void;
  /** The limit cannot be reached: what is held goes on until it ends. */
  failed(now: number): void;
}
