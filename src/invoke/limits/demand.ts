/** How many requests a second there are lately: an average in which a request counts the less the longer ago it was. */

/** Milliseconds after which a request counts a third of what it counted. */
const memory = 3000;
/** Milliseconds over which requests are counted at least. */
const shortest = 250;

export class Demand {
  #requests = 0;
  #since: number | undefined;
  #weighed = 0;
  #measuredAt = 0;

  /** Counts a request. @param now milliseconds */
  count(now: number): void {
    this.#since ??= now;
    this.#requests++;
  }

  /** @returns requests a second */
  measure(now: number): number {
    this.#since ??= now;
    const elapsed = Math.max(0, now - this.#measuredAt);
    const kept = Math.exp(-elapsed / memory);
    const weight = elapsed > 0 ? ((1 - kept) * memory) / elapsed : 1;
    this.#weighed = this.#weighed * kept + this.#requests * weight;
    this.#requests = 0;
    this.#measuredAt = now;
    const age = Math.max(shortest, now - this.#since);
    return (this.#weighed * 1000) / (memory * (1 - Math.exp(-age / memory)));
  }
}
