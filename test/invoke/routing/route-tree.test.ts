import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pathSegments } from "../../../src/invoke/routing/path-segments.ts";
import { RouteTree } from "../../../src/invoke/routing/route-tree.ts";

const treeOf = (paths: string[]) => {
  const tree = new RouteTree<string>();
  for (const path of paths) tree.add(path, path);
  return tree;
};

const match = (paths: string[], path: string) => {
  const found = treeOf(paths).match(pathSegments(path) ?? ["refused"]);
  return found && [found.target, found.pathParameters];
};

describe("which resource a path is", () => {
  const paths = [
    "/",
    "/pets",
    "/pets/{id}",
    "/pets/new",
    "/pets/{id}/toys",
    "/{any}/toys/red",
    "/files/{proxy+}",
  ];

  test.each([
    ["", "/", {}],
    ["/", "/", {}],
    ["//", "/", {}],
    ["/pets", "/pets", {}],
    ["/pets/", "/pets", {}],
    ["//pets", "/pets", {}],
    ["/pets/new", "/pets/new", {}],
    ["/pets/7", "/pets/{id}", { id: "7" }],
    ["/pets/a%20b", "/pets/{id}", { id: "a%20b" }],
    ["/%70ets/7", "/pets/{id}", { id: "7" }],
    ["/pets/new/toys", "/pets/{id}/toys", { id: "new" }],
    ["/pets/toys/red", "/{any}/toys/red", { any: "pets" }],
    ["/files/a/b%2Fc", "/files/{proxy+}", { proxy: "a/b%2Fc" }],
  ])("%s is %s", (path, target, parameters) => {
    expect(match(paths, path)).toEqual([target, parameters]);
  });

  test.each(["/nothing", "/pets/7/none", "/files", "/files/", "/pets//toys", "/PETS"])(
    "%s is none",
    (path) => {
      expect(match(paths, path)).toBeUndefined();
    },
  );
});

// The guide's api-gateway-method-settings-method-request: siblings are excluded from a proxy resource, with all below.
test("a proxy resource does not cover what is below its sibling", () => {
  const paths = ["/{proxy+}", "/alone", "/parent/child"];
  expect(match(paths, "/else/x")).toEqual(["/{proxy+}", { proxy: "else/x" }]);
  expect(match(paths, "/alone")).toEqual(["/alone", {}]);
  expect(match(paths, "/alone/x")).toBeUndefined();
  expect(match(paths, "/parent")).toBeUndefined();
  expect(match(paths, "/parent/other")).toBeUndefined();
});

test("the names of variables are names like any other", () => {
  const parameters = match(["/{__proto__}/{constructor}"], "/a/b")?.[1] as Record<string, string>;
  expect(Object.keys(parameters)).toEqual(["__proto__", "constructor"]);
});

/** The same rules, by trying every path: more literal parts first, from the left. */
function naive(paths: string[], segments: string[]): string | undefined {
  const fits = paths.filter((path) => {
    const parts = path.split("/").slice(1);
    return (
      parts.length === segments.length &&
      parts.every((part, index) => part.startsWith("{") || part === segments[index])
    );
  });
  const rank = (path: string) =>
    path
      .split("/")
      .map((part) => (part.startsWith("{") ? "1" : "0"))
      .join("");
  return fits.sort((a, b) => (rank(a) < rank(b) ? -1 : 1))[0];
}

test("agrees with a search through all paths", () => {
  const part = fc.constantFrom("a", "b", "c", "{v}");
  const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join("/")}`);
  const segments = fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.uniqueArray(path, { maxLength: 20 }), segments, (paths, wanted) => {
      expect(treeOf(paths).match(wanted)?.target).toBe(naive(paths, wanted));
    }),
  );
});

test.each(["/a/../b", "/..", "/.", "/a/%2e%2E/b", "/a/.%2e", "/%zz", "/%", "/%ff"])(
  "%s is refused",
  (path) => {
    expect(pathSegments(path)).toBeUndefined();
  },
);

test.each([
  ["/a/.b/c..", ["a", ".b", "c.."]],
  ["/a/...", ["a", "..."]],
  ["/a%2Fb", ["a%2Fb"]],
  ["/a//b", ["a", "", "b"]],
])("%s passes", (path, segments) => {
  expect(pathSegments(path)).toEqual(segments);
});
