import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  applyPatch,
  flag,
  mapEntry,
  type PatchOperation,
  type PatchTable,
  refuseListingPaths,
  refusePath,
  refusePathOrOperation,
  removeMember,
  setMember,
  textOrNone,
} from "../../../src/management/apigateway/patch.ts";
import { notFound, ServiceError } from "../../../src/management/protocol/service-error.ts";

interface Pet {
  name?: string;
  tame?: boolean;
  toys?: Record<string, string>;
}

const table: PatchTable<Pet> = {
  refuse: refusePathOrOperation,
  paths: {
    "/name": { replace: setMember("name", textOrNone), remove: removeMember("name") },
    "/tame": { replace: setMember("tame", flag) },
    "/toys/{toy}": mapEntry("toys", {
      parse: (value) => value ?? "",
      absent: () => notFound("No such toy"),
      dropEmpty: true,
    }),
  },
};

const rex: Pet = { name: "Rex", tame: true, toys: { ball: "red" } };

function refusalOf(operations: PatchOperation[], of = table): ServiceError {
  try {
    applyPatch(of, rex, operations);
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("operations", () => {
  test("apply in order to a copy", () => {
    const patched = applyPatch(table, rex, [
      { op: "replace", path: "/name", value: "Max" },
      { op: "replace", path: "/tame", value: "wild" },
      { op: "add", path: "/toys/rope", value: "long" },
    ]);
    expect(patched).toEqual({ name: "Max", tame: false, toys: { ball: "red", rope: "long" } });
    expect(rex).toEqual({ name: "Rex", tame: true, toys: { ball: "red" } });
  });

  test("name a map's key with ~1 for / and ~0 for ~", () => {
    const { toys } = applyPatch<Pet>(table, {}, [{ op: "add", path: "/toys/a~1b~01", value: "x" }]);
    expect(toys).toEqual({ "a/b~1": "x" });
  });

  test("drop a map with its last entry where the table says so", () => {
    expect(applyPatch(table, rex, [{ op: "remove", path: "/toys/ball" }])).not.toHaveProperty("toys");
  });

  test("refuse what is absent in the table's words", () => {
    expect(refusalOf([{ op: "replace", path: "/toys/rope", value: "x" }]).message).toBe("No such toy");
    expect(refusalOf([{ op: "remove", path: "/toys/constructor" }]).message).toBe("No such toy");
  });

  test("keep __proto__ as the ordinary key that it is in JSON", () => {
    const { toys } = applyPatch<Pet>(table, {}, [{ op: "add", path: "/toys/__proto__", value: "x" }]);
    expect(JSON.stringify(toys)).toBe('{"__proto__":"x"}');
  });
});

describe("refusals", () => {
  test("of a path, or of an operation with those that the path allows", () => {
    expect(refusalOf([{ op: "add", path: "/name", value: "x" }]).message).toBe(
      "Invalid patch operation specified. Must be one of: [replace, remove]",
    );
    expect(refusalOf([{ op: "add", path: "/toys", value: "x" }]).message).toBe("Invalid patch path /toys");
    expect(refusalOf([{ op: "add", value: "x" }]).message).toBe("Invalid patch path null");
  });

  test("of a path alone", () => {
    const paths = { ...table, refuse: refusePath };
    expect(refusalOf([{ op: "add", path: "/tame" }], paths).message).toBe("Invalid patch path /tame");
  });

  test("listing the paths that the operation has", () => {
    const listing = { ...table, refuse: refuseListingPaths };
    expect(refusalOf([{ op: "replace", path: "/x" }], listing).message).toBe(
      "Invalid patch path  '/x' specified for op 'replace'. Must be one of: [/name, /tame, /toys/{toy}]",
    );
    expect(refusalOf([{ op: "move", path: "/name" }], listing).message).toBe(
      "Invalid patch path  '/name' specified for op 'move'. Please choose supported operations",
    );
  });

  test("of paths with a thousand segments, empty segments and names of Object's own", () => {
    for (const path of ["/a".repeat(1000), "/toys/", "//", "", "name", "/__proto__", "/constructor"]) {
      expect(refusalOf([{ op: "add", path, value: "x" }]).status).toBe(400);
    }
  });
});

test("any list of operations either applies wholly or leaves the document as it was", () => {
  const segment = fc.oneof(
    fc.constantFrom("name", "tame", "toys", "ball", "rope", "__proto__", "toString", "~1", "~"),
    fc.string(),
  );
  const operation = fc.record(
    {
      op: fc.constantFrom("add", "remove", "replace", "move", "copy", "test"),
      path: fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join("/")}`),
      value: fc.string(),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<PatchOperation>;
  const before = JSON.stringify(rex);
  fc.assert(
    fc.property(fc.array(operation), (operations) => {
      try {
        const patched = applyPatch(table, rex, operations);
        const oneByOne = operations.reduce((pet, one) => applyPatch(table, pet, [one]), rex);
        expect(JSON.stringify(patched)).toBe(JSON.stringify(oneByOne));
      } catch (error) {
        expect(error).toBeInstanceOf(ServiceError);
      }
      expect(JSON.stringify(rex)).toBe(before);
    }),
  );
});

describe("a segment that takes as many as the others leave", () => {
  const paths: PatchTable<{ seen: string[] }> = {
    refuse: refusePath,
    paths: {
      "/at/{+path}/{method}/limit": {
        replace(draft, { params }) {
          draft.seen.push(...params);
        },
      },
    },
  };
  const seen = (path: string) => applyPatch(paths, { seen: [] }, [{ op: "replace", path }]).seen;

  test.each([
    ["/at/pets/GET/limit", ["pets", "GET"]],
    ["/at//pets/{id}/GET/limit", ["/pets/{id}", "GET"]],
    ["/at/~1pets~1{id}/GET/limit", ["/pets/{id}", "GET"]],
    ["/at//GET/limit", ["", "GET"]],
    ["/at///GET/limit", ["/", "GET"]],
  ])("%s", (path, params) => {
    expect(seen(path)).toEqual(params);
  });

  test.each(["/at/GET/limit", "/at/limit", "/at/pets//limit", "/at/pets/GET"])("not in %s", (path) => {
    expect(() => seen(path)).toThrow("Invalid patch path");
  });
});
