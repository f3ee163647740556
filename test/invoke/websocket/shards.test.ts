import { describe, expect, test } from "vitest";
import {
  mostSockets,
  placeOf,
  type Shard,
  ShardChooser,
  type ShardLoad,
  shardName,
  shardsOf,
} from "../../../src/invoke/websocket/shards.ts";

/** Shards as they are, which an isolate learns by asking. */
class World {
  readonly loads = new Map<string, ShardLoad>();
  asked = 0;
  now = 1_000_000;
  chooser = new ShardChooser(
    async (shard) => {
      this.asked++;
      return this.load(shard);
    },
    () => this.now,
  );

  load(shard: Shard): ShardLoad {
    return this.loads.get(shardName(shard)) ?? { sockets: 0, eventsPerSecond: 0 };
  }

  /** A connection's way: a shard is chosen, and says how it is. */
  async connect(place: string): Promise<Shard> {
    const shard = await this.chooser.choose(place);
    const load = this.load(shard);
    if (load.sockets >= mostSockets) throw new Error("refused");
    this.loads.set(shardName(shard), { ...load, sockets: load.sockets + 1 });
    this.chooser.heard(shard, this.load(shard));
    return shard;
  }
}

describe("shards", () => {
  test("of one machine are sixteen, and all of them are used", async () => {
    const world = new World();
    for (let count = 0; count < 1000; count++) await world.connect("");
    expect(world.loads.size).toBe(16);
  });

  test("of a data centre are four at first", async () => {
    const world = new World();
    for (let count = 0; count < 1000; count++) await world.connect("FRA");
    expect([...world.loads.keys()].sort()).toEqual(["FRA/0", "FRA/1", "FRA/2", "FRA/3"]);
  });

  test("are asked once in a while, not with each connection", async () => {
    const world = new World();
    for (let count = 0; count < 1000; count++) await world.connect("FRA");
    expect(world.asked).toBe(4);
    world.now += 11_000;
    await world.connect("FRA");
    expect(world.asked).toBe(5);
  });

  test("grow in number when they are busy, by sockets or by events", async () => {
    const world = new World();
    for (const number of [0, 1, 2, 3]) {
      const load =
        number % 2 ? { sockets: 24_000, eventsPerSecond: 0 } : { sockets: 1, eventsPerSecond: 900 };
      world.loads.set(`FRA/${number}`, load);
    }
    for (let count = 0; count < 200; count++) {
      expect((await world.connect("FRA")).number).toBeGreaterThan(3);
    }
  });

  test("take a million connections of one data centre, none of them more than it may", async () => {
    const world = new World();
    for (let count = 0; count < 1_000_000; count++) await world.connect("FRA");
    const sockets = [...world.loads.values()].map((load) => load.sockets);
    expect(Math.max(...sockets)).toBeLessThanOrEqual(24_000);
    expect(sockets.length).toBeLessThanOrEqual(shardsOf("FRA"));
  });

  test("that are all full refuse with 503", async () => {
    const world = new World();
    for (let number = 0; number < 16; number++) {
      world.loads.set(`/${number}`, { sockets: mostSockets, eventsPerSecond: 0 });
    }
    await expect(world.chooser.choose("")).rejects.toMatchObject({ status: 503 });
    world.loads.set("/5", { sockets: mostSockets - 1, eventsPerSecond: 0 });
    world.now += 11_000;
    expect(await world.chooser.choose("")).toEqual({ place: "", number: 5 });
  });

  test("lie where the client came in", () => {
    const requestFrom = (cf: unknown) => ({ cf }) as Request;
    expect(placeOf(requestFrom({ colo: "FRA" }))).toBe("FRA");
    expect(placeOf(requestFrom({ clientIp: "127.0.0.1:1" }))).toBe("");
    expect(placeOf(requestFrom({ colo: "../x" }))).toBe("");
    expect(placeOf(requestFrom(undefined))).toBe("");
  });
});
