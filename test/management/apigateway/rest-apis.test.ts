import { beforeEach, describe, expect, test } from "vitest";
import { models, resources } from "../../../src/management/apigateway/collections.ts";
import { account, replace } from "./calling.ts";

let { call, refused, published, context, createApi, createResource, createDeployable, putMock } = account();
beforeEach(() => {
  ({ call, refused, published, context, createApi, createResource, createDeployable, putMock } = account());
});

const update = (restApiId: string, ...patchOperations: object[]) =>
  call("UpdateRestApi", { restApiId, patchOperations });
const refusedUpdate = (restApiId: string, ...patchOperations: object[]) =>
  refused("UpdateRestApi", { restApiId, patchOperations });

describe("CreateRestApi", () => {
  test("answers with defaults, and without tags", () => {
    const { id, rootResourceId, ...api } = createApi();
    expect(id).toMatch(/^[a-z0-9]{10}$/);
    expect(rootResourceId).toMatch(/^[a-z0-9]{10}$/);
    expect(api).toEqual({
      name: "api",
      createdDate: 1_700_000_000,
      apiKeySource: "HEADER",
      endpointConfiguration: { types: ["EDGE"], ipAddressType: "ipv4" },
      disableExecuteApiEndpoint: false,
    });
  });

  test("makes the root resource and the models Empty and Error", () => {
    const { id, rootResourceId } = createApi();
    expect(call("GetResources", { restApiId: id })).toEqual({ items: [{ id: rootResourceId, path: "/" }] });
    const { items } = call("GetModels", { restApiId: id });
    const schemas = items.map(({ name, schema }: { name: string; schema: string }) => [
      name,
      JSON.parse(schema),
    ]);
    const $schema = "http://json-schema.org/draft-04/schema#";
    expect(Object.fromEntries(schemas)).toEqual({
      Empty: { $schema, title: "Empty Schema", type: "object" },
      Error: { $schema, title: "Error Schema", type: "object", properties: { message: { type: "string" } } },
    });
  });

  test("takes everything that an API can be", () => {
    const given = {
      name: "full",
      description: "all of it",
      version: "v1",
      binaryMediaTypes: ["image/png"],
      minimumCompressionSize: 0,
      apiKeySource: "AUTHORIZER",
      endpointConfiguration: { types: ["PRIVATE"], vpcEndpointIds: ["vpce-1"] },
      tags: { team: "a" },
      disableExecuteApiEndpoint: true,
    };
    expect(createApi(given)).toMatchObject({
      ...given,
      endpointConfiguration: { types: ["PRIVATE"], ipAddressType: "dualstack", vpcEndpointIds: ["vpce-1"] },
    });
  });

  test("leaves empty members out", () => {
    const api = createApi({
      binaryMediaTypes: [],
      tags: {},
      policy: "",
      endpointConfiguration: { types: ["REGIONAL"] },
    });
    expect(Object.keys(api).sort()).toEqual([
      "apiKeySource",
      "createdDate",
      "disableExecuteApiEndpoint",
      "endpointConfiguration",
      "id",
      "name",
      "rootResourceId",
    ]);
  });

  // Recorded: test_create_rest_api_with_optional_params, …_with_endpoint_configuration, …_private_type.
  test.each([
    [{ description: "", minimumCompressionSize: -1 }, "Description cannot be an empty string"],
    [{ minimumCompressionSize: -1 }, "Invalid minimum compression size, must be between 0 and 10485760"],
    [
      { minimumCompressionSize: 10_485_761 },
      "Invalid minimum compression size, must be between 0 and 10485760",
    ],
    [
      { endpointConfiguration: { types: [] } },
      "REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.",
    ],
    [
      { endpointConfiguration: { types: ["EDGE", "REGIONAL"] } },
      "Cannot create an api with multiple Endpoint Types.",
    ],
    [
      { endpointConfiguration: { types: ["PRIVATE"], ipAddressType: "ipv4" } },
      "Only dualstack ipAddressType is supported for Private APIs.",
    ],
    [
      { description: "", endpointConfiguration: { types: ["PRIVATE"], ipAddressType: "ipv4" } },
      "Description cannot be an empty string",
    ],
    [
      { endpointConfiguration: { types: ["EDGE"], vpcEndpointIds: ["vpce-1"] } },
      "VPCEndpoints can only be specified with PRIVATE apis.",
    ],
  ])("refuses %j", (input, message) => {
    expect(refused("CreateRestApi", { name: "api", ...input })).toBe(`BadRequestException: ${message}`);
  });

  test.each(["null", "[]", "1", "{", '"x"'])("refuses %s as a policy", (policy) => {
    expect(refused("CreateRestApi", { name: "api", policy })).toContain("Invalid policy document");
  });

  test("answers a policy as the inside of a JSON string", () => {
    const policy = '{"Resource":"execute-api:/*"}';
    const { id, policy: answer } = createApi({ policy });
    expect(answer).toBe('{\\"Resource\\":\\"execute-api:\\/*\\"}');
    expect(JSON.parse(`"${answer}"`)).toBe(policy);
    expect(call("GetRestApi", { restApiId: id }).policy).toBe(answer);
    expect(call("GetRestApis").items[0].policy).toBe(answer);
    expect(update(id, replace("/policy", "")).policy).toBeUndefined();
  });
});

describe("cloneFrom", () => {
  test("copies every working copy, and no deployment", () => {
    const source = createDeployable({ description: "first", binaryMediaTypes: ["image/png"] });
    const a = createResource(source, "a");
    createResource(source, "{b}", a.id);
    call("CreateRequestValidator", { restApiId: source.id, name: "all", validateRequestBody: true });
    call("CreateModel", { restApiId: source.id, name: "Pet", contentType: "application/json", schema: "{}" });
    call("CreateDeployment", { restApiId: source.id, stageName: "dev" });

    const clone = createApi({ name: "clone", cloneFrom: source.id });
    expect(clone).toMatchObject({ name: "clone", description: "first", binaryMediaTypes: ["image/png"] });
    const paths = (restApiId: string) =>
      call("GetResources", { restApiId, embed: ["methods"] }).items.map(
        ({ path, resourceMethods = {} }: { path: string; resourceMethods?: object }) => [
          path,
          ...Object.keys(resourceMethods),
        ],
      );
    expect(paths(clone.id)).toEqual([["/", "GET"], ["/a"], ["/a/{b}"]]);
    expect(call("GetRequestValidators", { restApiId: clone.id })).toEqual(
      call("GetRequestValidators", { restApiId: source.id }),
    );
    expect(call("GetModel", { restApiId: clone.id, modelName: "Pet" }).schema).toBe("{}");
    expect(call("GetDeployments", { restApiId: clone.id })).toEqual({ items: [] });
    expect(call("GetStages", { restApiId: clone.id })).toEqual({ item: [] });
  });

  test("gives the clone's root its own id, under which its integrations cache", () => {
    const source = createDeployable();
    const clone = createApi({ cloneFrom: source.id });
    expect(clone.rootResourceId).not.toBe(source.rootResourceId);
    const root = resources(context.store, clone.id).get(clone.rootResourceId);
    expect(root?.resourceMethods?.GET?.methodIntegration?.cacheNamespace).toBe(clone.rootResourceId);
  });

  test("keeps names taken, and lets models refer to those of the clone", () => {
    const source = createApi();
    createResource(source, "a");
    const pet = { restApiId: source.id, name: "Pet", contentType: "application/json", schema: "{}" };
    call("CreateModel", pet);
    const $ref = (id: string) => `https://apigateway.amazonaws.com/restapis/${id}/models/Pet`;
    call("CreateModel", {
      ...pet,
      name: "Pets",
      schema: JSON.stringify({ items: { $ref: $ref(source.id) } }),
    });
    const clone = createApi({ cloneFrom: source.id });
    expect(models(context.store, clone.id).get("Pets")?.schema).toContain($ref(clone.id));
    expect(
      refused("CreateResource", { restApiId: clone.id, parentId: clone.rootResourceId, pathPart: "a" }),
    ).toContain("ConflictException");
  });

  test("refuses an API that is not there", () => {
    expect(refused("CreateRestApi", { name: "api", cloneFrom: "nothing" })).toBe(
      "NotFoundException: Invalid API identifier specified 123456789012:nothing",
    );
  });
});

describe("GetRestApi and GetRestApis", () => {
  test("one shows `tags: {}`, the list does not", () => {
    const api = createApi();
    expect(call("GetRestApi", { restApiId: api.id })).toEqual({ ...api, tags: {} });
    expect(call("GetRestApis")).toEqual({ items: [api] });
  });

  test("tags that are there are shown everywhere", () => {
    const api = createApi({ tags: { MY_TAG1: "MY_VALUE1" } });
    expect(api.tags).toEqual({ MY_TAG1: "MY_VALUE1" });
    expect(call("GetRestApi", { restApiId: api.id })).toEqual(api);
    expect(call("GetRestApis")).toEqual({ items: [api] });
  });

  test("the list comes in pages", () => {
    const names = ["a", "b", "c"].map((name) => createApi({ name }).name);
    const first = call("GetRestApis", { limit: 2 });
    const second = call("GetRestApis", { limit: 2, position: first.position });
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(names);
    expect(second.position).toBeUndefined();
  });

  // Recorded: test_get_api_case_insensitive.
  test("an id is what it is, letter by letter", () => {
    const id = createApi().id.toUpperCase();
    expect(refused("GetRestApi", { restApiId: id })).toBe(
      `NotFoundException: Invalid API identifier specified 123456789012:${id}`,
    );
  });

  test.each(["__proto__", "constructor", "", "a/resources", "%", "' OR 1=1 --"])(
    "%s is no API",
    (restApiId) => {
      createApi();
      for (const operation of [
        "GetRestApi",
        "UpdateRestApi",
        "DeleteRestApi",
        "GetResources",
        "GetStages",
        "GetModels",
      ]) {
        expect(refused(operation, { restApiId })).toContain("NotFoundException");
      }
    },
  );
});

describe("UpdateRestApi", () => {
  test("replaces and removes members", () => {
    const { id } = createApi({ description: "before" });
    expect(
      update(
        id,
        replace("/name", "new"),
        replace("/version", "v2"),
        replace("/apiKeySource", "AUTHORIZER"),
        replace("/disableExecuteApiEndpoint", "true"),
        { op: "remove", path: "/description" },
      ),
    ).toEqual({
      ...call("GetRestApi", { restApiId: id }),
      name: "new",
      version: "v2",
      apiKeySource: "AUTHORIZER",
      disableExecuteApiEndpoint: true,
      tags: {},
    });
    expect(call("GetRestApi", { restApiId: id })).not.toHaveProperty("description");
  });

  // Recorded: test_update_rest_api_operation_add_remove, test_update_rest_api_behaviour.
  test("patches the binary media types as a map; a replaced one moves to the end", () => {
    const { id } = createApi();
    const add = (type: string) => ({ op: "add", path: `/binaryMediaTypes/${type}` });
    expect(update(id, add("image~1png"), add("image~1jpeg")).binaryMediaTypes).toEqual([
      "image/png",
      "image/jpeg",
    ]);
    expect(update(id, replace("/binaryMediaTypes/image~1png", "image/gif")).binaryMediaTypes).toEqual([
      "image/jpeg",
      "image/gif",
    ]);
    expect(update(id, { op: "remove", path: "/binaryMediaTypes/image~1gif" }).binaryMediaTypes).toEqual([
      "image/jpeg",
    ]);
    expect(update(id, { op: "remove", path: "/binaryMediaTypes/image~1jpeg" })).not.toHaveProperty(
      "binaryMediaTypes",
    );
    expect(update(id, { ...add("-"), value: "image/png" }).binaryMediaTypes).toEqual(["-"]);
  });

  test.each(["add", "replace", "remove"])("refuses to %s all binary media types", (op) => {
    const { id } = createApi();
    expect(refusedUpdate(id, { op, path: "/binaryMediaTypes", value: "image/gif" })).toBe(
      "BadRequestException: Invalid patch path /binaryMediaTypes",
    );
  });

  // Recorded: test_update_rest_api_compression.
  test("an empty compression size turns compression off, 0 compresses everything", () => {
    const { id } = createApi();
    const size = (value?: string) =>
      update(id, replace("/minimumCompressionSize", value)).minimumCompressionSize;
    expect([size("10"), size(""), size("0"), size()]).toEqual([10, undefined, 0, undefined]);
    for (const value of ["-1", "test", "10485761", "1.5", "1e3", "99999999999999999999"]) {
      expect(refusedUpdate(id, replace("/minimumCompressionSize", value))).toBe(
        "BadRequestException: Invalid minimum compression size, must be between 0 and 10485760",
      );
    }
    expect(refusedUpdate(id, { op: "add", path: "/minimumCompressionSize", value: "10" })).toBe(
      "BadRequestException: Invalid patch operation specified. Must be one of: [replace]",
    );
  });

  // Recorded: test_update_rest_api_ip_address_type.
  test("changes the endpoint type, one after the other", () => {
    const { id } = createApi();
    const type = (value: string) => replace("/endpointConfiguration/types/0", value);
    expect(update(id, type("EDGE"), type("REGIONAL"), type("PRIVATE")).endpointConfiguration).toEqual({
      types: ["PRIVATE"],
      ipAddressType: "dualstack",
    });
    const address = "/endpointConfiguration/ipAddressType";
    expect([
      refusedUpdate(id, replace(address, "ipv4")),
      refusedUpdate(id, replace(address, "wrong")),
      refusedUpdate(id, type("wrong")),
      refusedUpdate(id, { op: "remove", path: address, value: "dualstack" }),
      refusedUpdate(id, { op: "remove", path: "/endpointConfiguration/types/0", value: "EDGE" }),
    ]).toEqual([
      "BadRequestException: Only dualstack ipAddressType is supported for Private APIs.",
      "BadRequestException: ipAddressType must be either ipv4 or dualstack.",
      "BadRequestException: Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE",
      "BadRequestException: Invalid patch operation specified. Must be one of: [replace]",
      "BadRequestException: Invalid patch operation specified. Must be 'add'|'remove'|'replace'",
    ]);
  });

  test("adds and removes VPC endpoints of a private API, which end with its being one", () => {
    const { id } = createApi({ endpointConfiguration: { types: ["PRIVATE"] } });
    const path = "/endpointConfiguration/vpcEndpointIds";
    const ids = (...operations: object[]) => update(id, ...operations).endpointConfiguration.vpcEndpointIds;
    expect(ids({ op: "add", path, value: "vpce-1" }, { op: "add", path, value: "vpce-2" })).toEqual([
      "vpce-1",
      "vpce-2",
    ]);
    expect(ids({ op: "remove", path, value: "vpce-1" })).toEqual(["vpce-2"]);
    expect(ids(replace("/endpointConfiguration/types/PRIVATE", "REGIONAL"))).toBeUndefined();
    expect(refusedUpdate(id, { op: "add", path, value: "vpce-1" })).toContain("PRIVATE");
  });

  test("applies all operations or none", () => {
    const { id } = createApi();
    expect(refusedUpdate(id, replace("/name", "new"), replace("/nothing", "x"))).toBe(
      "BadRequestException: Invalid patch path /nothing",
    );
    expect(call("GetRestApi", { restApiId: id }).name).toBe("api");
  });

  test.each([
    "",
    "/",
    "//",
    "/__proto__",
    "/constructor/prototype",
    "/id",
    "/tags/a",
    "/rootResourceId",
    "/binaryMediaTypes/",
  ])("refuses to patch %s", (path) => {
    const { id } = createApi();
    for (const op of ["add", "remove", "replace", "copy", "move", "test"]) {
      expect(refusedUpdate(id, { op, path, value: "x" })).toBe(
        `BadRequestException: Invalid patch path ${path}`,
      );
    }
  });
});

describe("DeleteRestApi", () => {
  test("deletes all that belongs to the API, and what was published of it", () => {
    const api = createDeployable();
    const other = createDeployable();
    for (const { id } of [api, other]) call("CreateDeployment", { restApiId: id, stageName: "dev" });
    createResource(api, "a");
    call("CreateDeployment", { restApiId: api.id });
    expect(published.size).toBe(5);

    expect(call("DeleteRestApi", { restApiId: api.id })).toBeUndefined();
    expect([...published.keys()].every((key) => key.includes(other.id))).toBe(true);
    expect(published.size).toBe(2);
    expect(resources(context.store, api.id).count()).toBe(0);
    expect(models(context.store, api.id).count()).toBe(0);
    expect(refused("GetRestApi", { restApiId: api.id })).toContain("NotFoundException");
    expect(call("GetRestApis").items.map(({ id }: { id: string }) => id)).toEqual([other.id]);
    putMock(other.id, other.rootResourceId, "POST");
  });
});
