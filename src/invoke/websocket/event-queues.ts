/**
 * What happens on one connection is worked off in order, what happens on different ones side by side. The runtime hands
 * over messages as they come, also while earlier ones are being worked on, so what waits has to have bounds: a client
 * that sends faster than its integrations answer would fill the memory that its whole shard shares.
 */

/** Of one connection: AWS works off a burst of messages side by side, so one of some hundreds must not be too much. */
export const mostWaiting = { messages: 1024, octets: 4_194_304 };
/** Octets of all connections of a shard: an object shares 128 MB with others. */
const mostOctets = 33_554_432;
/** What an event takes beside its message, so that empty ones count, too. */
const octetsOfEvent = 512;

interface Queue {
  last: Promise<void>;
  messages: number;
  octets: number;
}

export class EventQueues {
  readonly #queues = new Map<string, Queue>();
  #octets = 0;

  /**
   * @param connectionId whose event it is
   * @param octets that it keeps until it is done
   * @param work begins when all that came before on this connection has ended
   * @returns what ends with the work; undefined when too much is waiting: it will not begin
   */
  add(connectionId: string, octets: number, work: () => Promise<void>): Promise<void> | undefined {
    const queue = this.#queues.get(connectionId);
    const isFull =
      queue !== undefined &&
      (queue.messages >= mostWaiting.messages || queue.octets + octets > mostWaiting.octets);
    if (isFull || this.#octets + octets + octetsOfEvent > mostOctets) return undefined;
    return this.#append(connectionId, octets, work);
  }

  /** As `add`, for an event that must not be lost and keeps nothing. */
  addLast(connectionId: string, work: () => Promise<void>): Promise<void> {
    return this.#append(connectionId, 0, work);
  }

  #append(connectionId: string, octets: number, work: () => Promise<void>): Promise<void> {
    const queue = this.#queues.get(connectionId) ?? { last: Promise.resolve(), messages: 0, octets: 0 };
    this.#queues.set(connectionId, queue);
    queue.messages++;
    queue.octets += octets;
    this.#octets += octets + octetsOfEvent;
    const run = queue.messages === 1 ? work() : queue.last.then(work);
    // What follows is not held up by what nothing has foreseen.
    const ended = run.catch((error) => console.error(`${connectionId}: ${error?.stack ?? error}`));
    queue.last = ended.then(() => {
      queue.messages--;
      queue.octets -= octets;
      this.#octets -= octets + octetsOfEvent;
      if (queue.messages === 0) this.#queues.delete(connectionId);
    });
    return queue.last;
  }
}
