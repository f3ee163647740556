import fc from "fast-check";
import { expect, test } from "vitest";
import {
  isConnectionId,
  newConnectionId,
  shardOfConnection,
} from "../../../src/invoke/websocket/connection-id.ts";
import { shardsOf } from "../../../src/invoke/websocket/shards.ts";

const dataCentre = fc.stringMatching(/^[A-Z]{3}$/);
const shard = fc
  .oneof(dataCentre, fc.constant(""))
  .chain((place) => fc.record({ place: fc.constant(place), number: fc.nat({ max: shardsOf(place) - 1 }) }));
const place = { apiId: "abcdefghij", stageName: "test" };

test("an id has AWS's form and leads to its shard", () => {
  fc.assert(
    fc.property(shard, (shard) => {
      const id = newConnectionId(shard, place);
      expect(id).toMatch(/^[\w-]{15}=$/);
      expect(isConnectionId(id)).toBe(true);
      expect(shardOfConnection(id, place)).toEqual(shard);
    }),
  );
});

test("an id is another each time", () => {
  const ids = Array.from({ length: 1000 }, () => newConnectionId({ place: "", number: 3 }, place));
  expect(new Set(ids).size).toBe(1000);
});

test("an id leads nowhere from another API or stage", () => {
  // Two octets of check: one in 65,536 would pass.
  const ids = Array.from({ length: 100 }, () => newConnectionId({ place: "FRA", number: 7 }, place));
  const passed = (other: typeof place) => ids.filter((id) => shardOfConnection(id, other)).length;
  expect(passed({ ...place, apiId: "abcdefghik" })).toBeLessThanOrEqual(1);
  expect(passed({ ...place, stageName: "prod" })).toBeLessThanOrEqual(1);
});

test("an id with one octet changed leads nowhere", () => {
  let passed = 0;
  for (let count = 0; count < 100; count++) {
    const octets = Buffer.from(newConnectionId({ place: "", number: 1 }, place), "base64url");
    octets[count % 11] = (octets[count % 11] as number) ^ 0x10;
    if (shardOfConnection(`${octets.toString("base64url")}=`, place)) passed++;
  }
  expect(passed).toBeLessThanOrEqual(1);
});

test("no text at all makes an object be asked that no connection is in", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\w-]{15}=$/)), (id) => {
      const found = shardOfConnection(id, place);
      if (found) expect(found.number).toBeLessThan(shardsOf(found.place));
    }),
  );
});

test.each(["", "nonsense", "L0SM9cOFvHcCIhw", "L0SM9cOFvHcCIh==", "L0SM9cOFvHcCIhx=", "../../../../abcd="])(
  "%j could be no id",
  (id) => expect(isConnectionId(id)).toBe(false),
);
