import { expect, test } from "vitest";
import { printJson } from "../../../../src/invoke/mapping/java/values.ts";
import { compileJsonPath } from "../../../../src/invoke/mapping/json/path.ts";
import { readJson } from "../../../../src/invoke/mapping/json/read.ts";
import { TemplateError } from "../../../../src/invoke/mapping/template-scope.ts";

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
const find = (path: string, json = JSON.stringify(document)) => {
  const value = compileJsonPath(path).read(readJson(json));
  return value === undefined ? undefined : JSON.parse(printJson(value));
};

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
  // One list that has no such element ends it all.
  ["$..[0]", []],
  ["$['a','none']", { a: "x" }],
  ["$.items[?(@.id)].id", [1, 2, 3]],
  ["$.items[?(!@.price)].id", [1, 2]],
  ["$.items[?(@.id > 1 && @.tags || @.id == 1)].id", [1, 2]],
  ["$.items[?(@.id != 2)].id", [1, 3]],
  ["$.items[?(@.tags[0] == 'a')].id", [1]],
  ["$.items[?(@.price =~ /5.*/)].id", [3]],
  ["$.items[?(@.id == $.items[1].id)].id", [2]],
  ["$.items[(@.length-1)].id", 3],
  // What a criterion cannot be asked of ends the whole path.
  ["$.items[?(@.tags.x.y == 1)].id", []],
  ["$.items[?(@.id < 'a')].id", []],
])("%s", (path, value) => {
  expect(find(path)).toEqual(value);
});

test.each([
  "$.",
  "$[",
  "$[]",
  "$[:]",
  "$..",
  "$.a[0",
  "$.items[?(@.id in [1])]",
  "$.items[?(@..id)]",
  "$.items[?]",
  "$ .a",
  "",
])("%s is no path", (path) => {
  expect(() => compileJsonPath(path)).toThrow(TemplateError);
});

test("members are a document's own", () => {
  expect(find("$.constructor")).toBeUndefined();
  expect(find("$..constructor")).toEqual([]);
});

test("a path that branches without end is refused", () => {
  expect(() => find("$..*..*..*", "[".repeat(390) + "]".repeat(390))).toThrow("too many values");
});
