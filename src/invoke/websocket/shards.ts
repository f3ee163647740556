/**
 * How connections spread over `Connections` objects, the shards. An object of its own for each socket would cost four
 * times the memory and take a third of the connections a second (shared/design's measurements); one object for all would
 * end at 32,768 sockets and some 1,000 requests a second. So each place has some.
 *
 * At the edge a place is a data centre (`request.cf.colo`): an object is made near who first asks for it, so a shard that
 * is named after the data centre lies near the clients that reach it there. A place begins with 4 shards; whoever meets a
 * busy one looks at twice as many from then on, up to 256: 8,192,000 sockets a data centre. On one machine there are 16:
 * all are in one process, and more would only be more files.
 *
 * Nobody keeps count of a place's shards. An isolate picks one at random, asks it how it is unless it has heard of it
 * lately (each connection that a shard accepts says it, too), and tries the next when it is busy. The shard has the last
 * word: it refuses a socket that would be one too many.
 */
import { GatewayError } from "../rest/gateway-error.ts";

export interface Shard {
  /** IATA code of a data centre; empty on one machine. */
  place: string;
  number: number;
}

export interface ShardLoad {
  sockets: number;
  /** In the last full second. */
  eventsPerSecond: number;
}

/** Sockets of one object: the platform allows 32,768; those that are still closing count as well. */
export const mostSockets = 32_000;
/** What a shard has when new connections had better go elsewhere: other isolates have not heard of it yet. */
const busy: ShardLoad = { sockets: 24_000, eventsPerSecond: 700 };
/** Milliseconds for which what was heard of a shard counts. */
const knownFor = 10_000;
const firstShards = 4;
const mostTries = 16;

/** How many shards a place may have; a power of two. */
export const shardsOf = (place: string): number => (place === "" ? 16 : 256);

/** Where a request came in. */
export function placeOf(request: Request): string {
  const colo = (request.cf as { colo?: unknown } | undefined)?.colo;
  return typeof colo === "string" && /^[A-Z]{3}$/.test(colo) ? colo : "";
}

export const shardName = ({ place, number }: Shard): string => `${place}/${number}`;

const isBusy = ({ sockets, eventsPerSecond }: ShardLoad) =>
  sockets >= busy.sockets || eventsPerSecond >= busy.eventsPerSecond;

/** What one isolate knows of the shards. */
export class ShardChooser {
  readonly #ask: (shard: Shard) => Promise<ShardLoad>;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #known = new Map<string, { load: ShardLoad; at: number }>();
  readonly #width = new Map<string, number>();

  /** @param now Unix time, milliseconds; @param random from 0 to below 1 */
  constructor(ask: (shard: Shard) => Promise<ShardLoad>, now = Date.now, random = Math.random) {
    this.#ask = ask;
    this.#now = now;
    this.#random = random;
  }

  /** @returns a shard that takes one more connection, as far as is known. @throws GatewayError 503 when all are full */
  async choose(place: string): Promise<Shard> {
    const most = shardsOf(place);
    let width = this.#width.get(place) ?? (place === "" ? most : firstShards);
    let least: { shard: Shard; load: ShardLoad } | undefined;
    const first = Math.floor(this.#random() * width);
    for (let step = 0; step < mostTries; step++) {
      const shard = { place, number: (first + step) % width };
      const load = await this.#loadOf(shard);
      if (!isBusy(load)) return shard;
      if (!least || load.sockets < least.load.sockets) least = { shard, load };
      width = Math.min(most, width * 2);
      this.#width.set(place, width);
    }
    if (least && least.load.sockets < mostSockets) return least.shard;
    throw new GatewayError("DEFAULT_5XX", "Service Unavailable", 503).because(
      `No shard of ${place || "this machine"} takes another connection`,
    );
  }

  /** To be told what a shard has said of itself. */
  heard(shard: Shard, load: ShardLoad): void {
    this.#known.set(shardName(shard), { load, at: this.#now() });
  }

  async #loadOf(shard: Shard): Promise<ShardLoad> {
    const known = this.#known.get(shardName(shard));
    if (known && this.#now() - known.at < knownFor) return known.load;
    const load = await this.#ask(shard);
    this.heard(shard, load);
    return load;
  }
}
