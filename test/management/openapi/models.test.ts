import { describe, expect, test } from "vitest";
import { onlyMethod, openapi, read, swagger } from "./reading.ts";

const response = (schema: string) =>
  openapi(`
components: { schemas: { Pet: { type: object, description: A pet } } }
paths:
  /pets: { get: { responses: { 200: { content: { application/json: { schema: ${schema} } } } } } }`);

test("every definition is a model, and nothing else is", () => {
  expect(read(swagger("definitions: { Pet: { type: object, description: A pet } }")).models).toEqual([
    {
      name: "Pet",
      description: "A pet",
      contentType: "application/json",
      schema: '{\n  "type" : "object",\n  "description" : "A pet"\n}',
    },
  ]);
  expect(read(swagger("paths: {}")).models).toEqual([]);
});

describe("a schema where it is used", () => {
  test("names a model", () => {
    expect(onlyMethod(read(response('{ $ref: "#/components/schemas/Pet" }'))).methodResponses).toEqual({
      "200": { statusCode: "200", responseModels: { "application/json": "Pet" } },
    });
  });

  test("becomes a model, one for all places with the same schema", () => {
    const { models, resources } = read(
      swagger(`
paths:
  /a: { get: { responses: { 200: { schema: { type: object } }, 201: { schema: { type: object } } } } }`),
    );
    expect(models).toHaveLength(1);
    expect(models[0]?.name).toMatch(/^MODEL[0-9a-f]{6}$/);
    const names = Object.values(resources[0]?.methods[0]?.methodResponses ?? {}).map(
      ({ responseModels }) => responseModels?.["application/json"],
    );
    expect(names).toEqual([models[0]?.name, models[0]?.name]);
  });

  test("of a model that is missing is left out with a warning", () => {
    const result = read(response('{ $ref: "#/components/schemas/Cat" }'));
    expect(result.warnings).toEqual(["Reference to model 'Cat' not found. Ignoring."]);
    expect(onlyMethod(result).methodResponses?.["200"]).toEqual({ statusCode: "200" });
  });

  test("may be of a model that the API already has", () => {
    expect(read(response('{ $ref: "#/components/schemas/Cat" }'), "ignore", ["Cat"]).warnings).toEqual([]);
  });
});

describe("refusals", () => {
  const errorsOf = (definitions: string) => read(swagger(`definitions: ${definitions}`)).errors;

  test("of names that are not alphanumeric", () => {
    expect(errorsOf("{ new_pet: { type: object } }")).toEqual([
      "Unable to create model for 'new_pet': Model name must be alphanumeric: new_pet",
    ]);
  });

  test("of references to models that are missing", () => {
    expect(
      errorsOf('{ Pets: { items: { $ref: "#/definitions/Pet" }, not: { $ref: "#/definitions/Cat" } } }'),
    ).toEqual([
      "Unable to create model for 'Pets': Invalid model specified: Validation Result: warnings : [], errors : [Invalid model specified: Pet, Invalid model specified: Cat]",
    ]);
  });

  test("of references to anything but a model", () => {
    expect(errorsOf('{ Pets: { items: { $ref: "#/definitions/Pets/items" } } }')).toEqual([
      "Unable to create model for 'Pets': Invalid model specified: Validation Result: warnings : [], errors : [Model reference must be in canonical form]",
    ]);
  });

  test("models may refer to each other in a circle", () => {
    expect(
      errorsOf('{ A: { not: { $ref: "#/definitions/B" } }, B: { not: { $ref: "#/definitions/A" } } }'),
    ).toEqual([]);
  });
});
