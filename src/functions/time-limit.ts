/**
 * A time limit of calls that come one after another, of which next to all end long before it: their limits share a
 * timer, since each timer takes workerd some microseconds.
 */
export class TimeLimit {
  #deadline = 0;
  #onPassed: (() => void) | undefined;
  #isArmed = false;

  /** @param millis no fewer than the time before */
  start(millis: number, onPassed: () => void): void {
    this.#deadline = Date.now() + millis;
    this.#onPassed = onPassed;
    if (!this.#isArmed) this.#arm(millis);
  }

  stop(): void {
    this.#onPassed = undefined;
  }

  #arm(millis: number): void {
    this.#isArmed = true;
    setTimeout(() => {
      this.#isArmed = false;
      if (!this.#onPassed) return;
      const left = this.#deadline - Date.now();
      if (left > 0) this.#arm(left);
      else this.#onPassed();
    }, millis);
  }
}
