/** Virtual time: what is to happen, in its order, without waiting for it. */
export class VirtualTime {
  /** Milliseconds since the beginning. */
  now = 0;
  readonly #heap: { at: number; order: number; run: () => void }[] = [];
  #order = 0;

  /** @param delay milliseconds from now */
  after(delay: number, run: () => void): void {
    const heap = this.#heap;
    let index = heap.length;
    const event = { at: this.now + Math.max(0, delay), order: this.#order++, run };
    heap.push(event);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (isBefore(heap[parent] as typeof event, event)) break;
      heap[index] = heap[parent] as typeof event;
      index = parent;
    }
    heap[index] = event;
  }

  /** Lets everything happen up to then. @param end milliseconds since the beginning */
  runUntil(end: number): void {
    while (this.runNext(end)) {}
    this.now = end;
  }

  /** Lets the next thing happen. @param end milliseconds since the beginning @returns whether there was one until then */
  runNext(end: number): boolean {
    const first = this.#heap[0];
    if (!first || first.at > end) return false;
    this.#removeFirst();
    this.now = first.at;
    first.run();
    return true;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as typeof last, heap[child] as typeof last))
        child++;
      if (isBefore(last, heap[child] as typeof last)) break;
      heap[index] = heap[child] as typeof last;
      index = child;
    }
    heap[index] = last;
  }
}

const isBefore = (a: { at: number; order: number }, b: { at: number; order: number }): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order);
