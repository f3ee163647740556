import { expect, test } from "vitest";
import { account, replace } from "./calling.ts";

const draft4 = { name: "Pet", contentType: "application/json", schema: '{"type": "object"}' };
const invalid = "BadRequestException: Invalid model specified: Validation Result: warnings : [], errors : ";

/** Texts that AWS's users report; that for circles and references of others is recorded of imports. */
test.each([
  [{ name: "" }, "BadRequestException: Model name must be non-empty"],
  [{ name: "a-b" }, "BadRequestException: Model name must be alphanumeric: a-b"],
  [{ name: "Empty" }, "ConflictException: Model name already exists for this REST API"],
  [
    { contentType: "notacontenttype" },
    "BadRequestException: Validation Result: warnings : [], errors : [Invalid content type specified: notacontenttype]",
  ],
  [{ schema: "[" }, `${invalid}[Invalid model schema specified]`],
  [{ schema: '{"type": "not-a-real-type"}' }, `${invalid}[Invalid model schema specified]`],
  [
    { schema: '{"$id": "x", "required": []}' },
    `${invalid}[Invalid model schema specified. Unsupported keyword(s): ["$id"], Invalid model schema specified]`,
  ],
  [{ schema: '{"$ref": "Other"}' }, `${invalid}[Model reference must be in canonical form]`],
])("%j is refused", (input, message) => {
  const { call, refused, createApi } = account();
  const restApiId = createApi().id;
  expect(refused("CreateModel", { restApiId, ...draft4, ...input })).toBe(message);
  expect(call("GetModels", { restApiId }).items).toHaveLength(2);
});

test("a schema is replaced by one that is one", () => {
  const { call, refused, createApi } = account();
  const restApiId = createApi().id;
  call("CreateModel", { restApiId, ...draft4 });
  const update = (schema: string) => ({
    restApiId,
    modelName: "Pet",
    patchOperations: [replace("/schema", schema)],
  });
  expect(call("UpdateModel", update('{"type": "array"}')).schema).toBe('{"type": "array"}');
  expect(refused("UpdateModel", update('{"type": 1}'))).toBe(`${invalid}[Invalid model schema specified]`);
  expect(call("GetModel", { restApiId, modelName: "Pet" }).schema).toBe('{"type": "array"}');
});
