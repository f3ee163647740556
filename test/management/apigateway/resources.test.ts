import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { account, replace } from "./calling.ts";

let gateway = account();
let api = gateway.createApi();
beforeEach(() => {
  gateway = account();
  api = gateway.createApi();
});

const create = (pathPart: string, parentId?: string) => gateway.createResource(api, pathPart, parentId);
const refusedCreate = (pathPart: string, parentId: string = api.rootResourceId) =>
  gateway.refused("CreateResource", { restApiId: api.id, parentId, pathPart });
const update = (resourceId: string, ...patchOperations: object[]) =>
  gateway.call("UpdateResource", { restApiId: api.id, resourceId, patchOperations });
const refusedUpdate = (resourceId: string, ...patchOperations: object[]) =>
  gateway.refused("UpdateResource", { restApiId: api.id, resourceId, patchOperations });
const remove = (resourceId: string) => gateway.call("DeleteResource", { restApiId: api.id, resourceId });
const paths = () =>
  gateway
    .call("GetResources", { restApiId: api.id, limit: 500 })
    .items.map(({ path }: { path: string }) => path)
    .sort();

describe("CreateResource", () => {
  test("answers with the resource and its path", () => {
    const pets = create("pets");
    expect(pets).toEqual({
      id: expect.stringMatching(/^[a-z0-9]{6}$/),
      parentId: api.rootResourceId,
      path: "/pets",
      pathPart: "pets",
    });
    expect(create("{petId}", pets.id)).toMatchObject({ parentId: pets.id, path: "/pets/{petId}" });
  });

  // Recorded: test_create_proxy_resource, test_create_proxy_resource_validation.
  test("allows one variable among siblings, and nothing below a greedy one", () => {
    const proxy = create("{proxy+}");
    const parent = create("parent");
    create("{child+}", parent.id);
    create("child", parent.id);
    expect([
      refusedCreate("{dynamic}"),
      refusedCreate("child", proxy.id),
      refusedCreate("{child}", proxy.id),
    ]).toEqual([
      "BadRequestException: A sibling ({proxy+}) of this resource already has a variable path part -- only one is allowed",
      "BadRequestException: Cannot create a child of a resource with a greedy path variable: {proxy+}",
      "BadRequestException: Cannot create a child of a resource with a greedy path variable: {proxy+}",
    ]);
  });

  test("a variable may come once its sibling is gone", () => {
    remove(create("{proxy+}").id);
    expect(create("{other}").path).toBe("/{other}");
  });

  test.each(["pets", "{petId}"])("refuses %s a second time", (pathPart) => {
    create(pathPart);
    expect(refusedCreate(pathPart)).toBe(
      `ConflictException: Another resource with the same parent already has this name: ${pathPart}`,
    );
  });

  test("the same name is another one below another parent", () => {
    expect(create("a", create("a").id).path).toBe("/a/a");
  });

  test.each([
    "",
    " ",
    "a b",
    "a/b",
    "..%2f",
    "{a",
    "a}",
    "{}",
    "{+}",
    "x{a}",
    "{a}{b}",
    "é",
    "a\n",
    "{a/b}",
    "*",
  ])("refuses %j as a path part", (pathPart) => {
    expect(refusedCreate(pathPart)).toBe(
      "BadRequestException: Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
    );
  });

  test.each(["__proto__", "constructor", "..", "a.b-c_d:e"])(
    "takes %s as a path part like any other",
    (pathPart) => {
      expect(create(pathPart).path).toBe(`/${pathPart}`);
      expect(refusedCreate(pathPart)).toContain("ConflictException");
    },
  );

  test("refuses a parent that is not there", () => {
    expect(refusedCreate("a", "nothing")).toBe("NotFoundException: Invalid Resource identifier specified");
  });
});

describe("GetResource and GetResources", () => {
  test("show the names of methods, or with `embed` all of them", () => {
    const pets = create("pets");
    gateway.putMock(api.id, pets.id);
    const get = (embed?: string[]) =>
      gateway.call("GetResource", { restApiId: api.id, resourceId: pets.id, embed });
    expect(get()).toEqual({ ...pets, resourceMethods: { GET: {} } });
    expect(get(["methods"]).resourceMethods.GET).toMatchObject({
      httpMethod: "GET",
      authorizationType: "NONE",
      methodIntegration: { type: "MOCK" },
    });
    const { items } = gateway.call("GetResources", { restApiId: api.id, embed: ["methods"] });
    expect(items).toEqual([{ id: api.rootResourceId, path: "/" }, get(["methods"])]);
  });

  test("the list comes in pages", () => {
    for (const name of ["a", "b", "c"]) create(name);
    const first = gateway.call("GetResources", { restApiId: api.id, limit: 3 });
    const second = gateway.call("GetResources", { restApiId: api.id, limit: 3, position: first.position });
    expect([...first.items, ...second.items].map(({ path }) => path)).toEqual(["/", "/a", "/b", "/c"]);
  });
});

describe("UpdateResource", () => {
  test("renames a resource, and with it the paths of all below", () => {
    const pets = create("pets");
    const pet = create("{petId}", pets.id);
    create("toys", pet.id);
    create("petshop");
    expect(update(pets.id, replace("/pathPart", "dogs"))).toEqual({
      ...pets,
      path: "/dogs",
      pathPart: "dogs",
    });
    expect(paths()).toEqual(["/", "/dogs", "/dogs/{petId}", "/dogs/{petId}/toys", "/petshop"]);
    expect(create("pets").path).toBe("/pets");
  });

  test("renames a variable", () => {
    const pet = create("{id}");
    expect(update(pet.id, replace("/pathPart", "{petId}")).path).toBe("/{petId}");
    expect(update(pet.id, replace("/pathPart", "{petId}")).path).toBe("/{petId}");
    expect(refusedCreate("{id}")).toContain("A sibling ({petId})");
  });

  test("moves a subtree", () => {
    const a = create("a");
    const b = create("b", a.id);
    create("c", b.id);
    expect(update(b.id, replace("/parentId", api.rootResourceId))).toMatchObject({ path: "/b" });
    remove(a.id);
    expect(paths()).toEqual(["/", "/b", "/b/c"]);
  });

  test("moves and renames in one go", () => {
    const a = create("a");
    const b = create("b");
    create("c", b.id);
    update(b.id, replace("/parentId", a.id), replace("/pathPart", "x"));
    expect(paths()).toEqual(["/", "/a", "/a/x", "/a/x/c"]);
  });

  // Recorded: test_update_resource_behaviour, test_update_resource_on_root.
  test("refuses what a resource cannot become", () => {
    const pets = create("pets");
    const subpets = create("subpets", pets.id);
    const child = create("pets", subpets.id);
    expect([
      refusedUpdate("fake-resource", replace("/pathPart", "dogs")),
      refusedUpdate(pets.id, replace("/invalid", "dogs")),
      refusedUpdate(pets.id, replace("/parentId", "fake-parent-id")),
      refusedUpdate(pets.id, replace("/parentId")),
      refusedUpdate(child.id, replace("/parentId", api.rootResourceId)),
      refusedUpdate(pets.id, replace("/parentId", subpets.id)),
      refusedUpdate(pets.id, replace("/parentId", pets.id)),
      refusedUpdate(pets.id, { op: "remove", path: "/pathPart" }),
      refusedUpdate(pets.id, { op: "add", path: "/pathPart", value: "x" }),
      refusedUpdate(api.rootResourceId, replace("/pathPart", "dogs")),
      refusedUpdate(api.rootResourceId, replace("/parentId", api.rootResourceId)),
    ]).toEqual([
      "NotFoundException: Invalid Resource identifier specified",
      "BadRequestException: Invalid patch path  '/invalid' specified for op 'replace'. Must be one of: [/parentId, /pathPart]",
      "NotFoundException: Invalid Resource identifier specified",
      "NotFoundException: Invalid Resource identifier specified",
      "ConflictException: Another resource with the same parent already has this name: pets",
      "BadRequestException: Resources cannot be cyclical.",
      "BadRequestException: Resources cannot be cyclical.",
      "BadRequestException: Invalid patch path  '/pathPart' specified for op 'remove'. Please choose supported operations",
      "BadRequestException: Invalid patch path  '/pathPart' specified for op 'add'. Please choose supported operations",
      "BadRequestException: Root resource cannot update its pathPart.",
      "BadRequestException: Root resource cannot update its parentId.",
    ]);
    expect(paths()).toEqual(["/", "/pets", "/pets/subpets", "/pets/subpets/pets"]);
  });

  test("a parent cannot become greedy, nor take a second variable", () => {
    const a = create("a");
    create("{x}", a.id);
    const y = create("{y}");
    expect(refusedUpdate(a.id, replace("/pathPart", "{proxy+}"))).toContain("A sibling ({y})");
    expect(refusedUpdate(y.id, replace("/parentId", a.id))).toContain("A sibling ({x})");
    remove(y.id);
    expect(refusedUpdate(a.id, replace("/pathPart", "{proxy+}"))).toBe(
      "BadRequestException: Cannot create a child of a resource with a greedy path variable: {proxy+}",
    );
  });
});

describe("DeleteResource", () => {
  // Recorded: test_delete_resource.
  test("deletes all below, but not what begins alike", () => {
    const pets = create("pets");
    const sub = create("sub", pets.id);
    create("pets2");
    expect(remove(pets.id)).toBeUndefined();
    expect(paths()).toEqual(["/", "/pets2"]);
    expect(gateway.refused("DeleteResource", { restApiId: api.id, resourceId: sub.id })).toBe(
      "NotFoundException: Invalid Resource identifier specified",
    );
    expect(create("sub", create("pets").id).path).toBe("/pets/sub");
  });

  test("the root stays", () => {
    expect(
      gateway.refused("DeleteResource", { restApiId: api.id, resourceId: api.rootResourceId }),
    ).toContain("BadRequestException");
  });
});

test("whatever is done to resources, each path is its parent's and its own part, and no two are alike", () => {
  const part = fc.constantFrom("a", "b", "c", "{x}", "{y}", "{z+}");
  const step = fc.oneof(
    fc.record({ kind: fc.constant("create"), at: fc.nat(20), part }),
    fc.record({ kind: fc.constant("rename"), at: fc.nat(20), part }),
    fc.record({ kind: fc.constant("move"), at: fc.nat(20), to: fc.nat(20), part }),
    fc.record({ kind: fc.constant("remove"), at: fc.nat(20), part }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      gateway = account();
      api = gateway.createApi();
      type Listed = { id: string; parentId?: string; path: string; pathPart: string };
      const list = (): Listed[] => gateway.call("GetResources", { restApiId: api.id, limit: 500 }).items;
      for (const { kind, at, part, ...rest } of steps) {
        const all = list();
        const id = all[at % all.length]?.id as string;
        try {
          if (kind === "create") create(part, id);
          if (kind === "rename") update(id, replace("/pathPart", part));
          if (kind === "move")
            update(id, replace("/parentId", all[(rest as { to: number }).to % all.length]?.id));
          if (kind === "remove") remove(id);
        } catch (error) {
          expect((error as Error).name).toBe("ServiceError");
        }
      }
      const all = list();
      const byId = new Map(all.map((resource) => [resource.id, resource]));
      for (const { parentId, path, pathPart } of all) {
        if (parentId === undefined) continue;
        const parent = byId.get(parentId) as Listed;
        expect(path).toBe(parent.path === "/" ? `/${pathPart}` : `${parent.path}/${pathPart}`);
        expect(parent.path.endsWith("+}")).toBe(false);
      }
      const shape = ({ parentId, pathPart }: Listed) => `${parentId} ${pathPart?.replace(/\{.*/, "{}")}`;
      expect(new Set(all.map(shape)).size).toBe(all.length);
    }),
    { numRuns: 40 },
  );
});
