import { expect, test } from "vitest";
import { compileJsonPath } from "../../../src/invoke/mapping/json-path.ts";

const document = {
  a: "x",
  l: [1, "two", { k: [3, 4] }, null, []],
  o: { p: { q: "deep" }, e: {} },
  items: [
    { id: 1, tags: ["a", "b"] },
    { id: 2, tags: [] },
    { id: 3, price: 5.25 },
  ],
};
const find = (path: string) => compileJsonPath(path)?.(document);

// What Jayway 2.0 finds (mapping-templates).
test.each([
  ["$.a", "x"],
  ["a", "x"],
  ["$['items'][1][\"id\"]", 2],
  ["$.none.x", undefined],
  ["$.items[*].id", [1, 2, 3]],
  ["$.items.*.id", [1, 2, 3]],
  ["$.items[*].tags", [["a", "b"], []]],
  ["$.items[*].tags[*]", ["a", "b"]],
  ["$.items[*].tags[0]", ["a"]],
  ["$.items[*].price", [5.25]],
  ["$.o.*", [{ q: "deep" }, {}]],
  ["$.a.*", []],
  ["$..id", [1, 2, 3]],
  ["$..['id']", [1, 2, 3]],
  ["$..p.q", ["deep"]],
  ["$..k[1]", [4]],
  ["$.items[0,2].id", [1, 3]],
  ["$.items[1,9]", []],
  ["$.items[0:2].id", [1, 2]],
  ["$.l[:2]", [1, "two"]],
  ["$.l[:-1]", [1, "two", { k: [3, 4] }, null]],
  ["$.l[-2:]", [null, []]],
  ["$.l[1:3]", ["two", { k: [3, 4] }]],
  ["$.l[1:-1]", []],
  ["$.l[3:1]", []],
  ["$.a[0:1]", []],
  ["$.none[*]", []],
  ["$.none..x", []],
])("%s", (path, value) => {
  expect(find(path)).toEqual(value);
});

test.each([
  "$.",
  "$[",
  "$[]",
  "$[:]",
  "$...a",
  "$..",
  "$.a[0",
  "$['a']b",
  "$.items[?(@.id)]",
  "$..[0]",
  "$['a','b']",
])("%s is no path", (path) => {
  expect(compileJsonPath(path)).toBeUndefined();
});

test("members are a document's own", () => {
  expect(find("$.constructor")).toBeUndefined();
  expect(find("$..constructor")).toEqual([]);
});

test("a path that branches without end is refused", () => {
  const deep = JSON.parse("[".repeat(500) + "]".repeat(500));
  expect(() => compileJsonPath("$..*..*..*")?.(deep)).toThrow("too many values");
});
