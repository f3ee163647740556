/** The process's clock and timers in virtual time: code that waits runs as it is, and nobody waits for it. */
import { vi } from "vitest";
import { VirtualTime } from "../../../scripts/limits/virtual-time.ts";

const { setImmediate } = globalThis;

export class VirtualClock {
  readonly #time = new VirtualTime();
  readonly #start: number;

  /** Until `restore` is called. @param start Unix time, milliseconds */
  constructor(start: number) {
    this.#start = start;
    vi.spyOn(Date, "now").mockImplementation(() => this.now);
    vi.stubGlobal("setTimeout", (run: () => void, delay = 0) => {
      const timer = { isCleared: false };
      this.#time.after(delay, () => {
        if (!timer.isCleared) run();
      });
      return timer;
    });
    vi.stubGlobal("clearTimeout", (timer: { isCleared: boolean } | undefined) => {
      if (timer) timer.isCleared = true;
    });
  }

  /** Unix time, milliseconds. */
  get now(): number {
    return this.#start + Math.floor(this.#time.now);
  }

  /** @param duration milliseconds */
  async pass(duration: number): Promise<void> {
    const end = this.#time.now + duration;
    await settled();
    while (this.#time.runNext(end)) await settled();
    this.#time.runUntil(end);
  }

  restore(): void {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  }
}

/** When everything has happened that needs no time. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
