import { describe, expect, test } from "vitest";
import { ImportReport } from "../../../src/management/openapi/import-report.ts";
import { ResourceTree } from "../../../src/management/openapi/resource-tree.ts";
import { refusalOf } from "./reading.ts";

const treeOf = (...paths: string[]) => {
  const report = new ImportReport();
  const tree = new ResourceTree([{ id: "root", path: "/" }], (path) => `id of ${path}`);
  for (const path of paths) tree.at(path, report);
  return { tree, report };
};

test("the resources that lead to another are made with it, once", () => {
  expect(treeOf("/a/b", "/a/c", "/").tree.resources()).toEqual([
    { id: "root", path: "/" },
    { id: "id of /a", parentId: "root", pathPart: "a", path: "/a" },
    { id: "id of /a/b", parentId: "id of /a", pathPart: "b", path: "/a/b" },
    { id: "id of /a/c", parentId: "id of /a", pathPart: "c", path: "/a/c" },
  ]);
});

describe("refusals", () => {
  const faultOf = (...paths: string[]) => treeOf(...paths).report.errors;

  test("of a second variable under one parent", () => {
    expect(faultOf("/pets/{id}", "/pets/{petId}/toys")).toEqual([
      "Unable to create resource at path '/pets/{petId}': A sibling ({id}) of this resource already has a variable path part -- only one is allowed",
    ]);
  });

  test("of anything below a greedy variable", () => {
    expect(faultOf("/{proxy+}/x")).toEqual([
      "Unable to create resource at path '/{proxy+}/x': Cannot create a child of a resource with a greedy path variable: {proxy+}",
    ]);
  });

  test("of parts with other characters, or with a variable within", () => {
    for (const path of ["/a b", "/x{y}", "/{}", "/%41", "/é"]) expect(faultOf(path)).toHaveLength(1);
  });

  test("of more resources than an API may have", () => {
    const deep = "/a".repeat(20_000);
    expect(refusalOf(() => treeOf(deep)).code).toBe("LimitExceededException");
  });
});
