import fc from "fast-check";
import { expect, test } from "vitest";
import { page } from "../../../src/management/protocol/paging.ts";

const name = (item: string) => item;
const letters = [..."abcdefghij"];

test("the pages of a list are the list", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string(), { maxLength: 40 }),
      fc.integer({ min: 1, max: 50 }),
      (all, limit) => {
        const seen: string[] = [];
        let position: string | undefined;
        do {
          const next = page(all, { position, limit }, name);
          seen.push(...next.items);
          position = next.position;
        } while (position !== undefined);
        expect(seen).toEqual(all);
      },
    ),
  );
});

test("a page has 25 items unless another limit is asked for, and 500 at most", () => {
  const all = Array.from({ length: 600 }, (_, index) => `${index}`);
  expect(page(all, {}, name).items).toHaveLength(25);
  expect(page(all, { limit: 1000 }, name).items).toHaveLength(500);
});

test("items that are deleted meanwhile do not move the next page", () => {
  const { position } = page(letters, { limit: 3 }, name);
  expect(page(letters.slice(3), { position, limit: 3 }, name).items).toEqual(["d", "e", "f"]);
});

test("a position goes on at its index when its item is gone", () => {
  const { position } = page(letters, { limit: 3 }, name);
  const left = letters.filter((letter) => letter !== "d");
  expect(page(left, { position, limit: 3 }, name).items).toEqual(["e", "f", "g"]);
});

// Recorded: test_negative_get_usage_plan_api_keys.
test.each([0, -1])("a limit of %d gives an empty list", (limit) => {
  expect(page(letters, { limit }, name)).toEqual({ items: [] });
});

test("a position that no page has given is refused", () => {
  expect(() => page(letters, { position: "nonsense!" }, name)).toThrow("Invalid position parameter");
});
