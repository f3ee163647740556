import { expect, test } from "vitest";
import { webSocketApi } from "./websocket-api.ts";

const Schema = JSON.stringify({
  $schema: "http://json-schema.org/draft-04/schema#",
  title: "ExampleModel",
  type: "object",
  properties: { id: { type: "string" } },
});

test("a model's life", () => {
  const { call, refused } = webSocketApi();
  const model = call("CreateModel", { Name: "Pet", Schema });
  const { ModelId } = model;
  expect(model).toEqual({ ContentType: "application/json", ModelId, Name: "Pet", Schema });
  expect(call("GetModel", { ModelId })).toEqual(model);
  expect(call("GetModels")).toEqual({ Items: [model] });
  expect(call("GetModelTemplate", { ModelId })).toEqual({
    Value: `#set($inputRoot = $input.path('$'))\n{\n  "id" : "foo"\n}`,
  });
  const changes = { Name: "Animal", ContentType: "text/x-json", Description: "d", Schema: "{}" };
  expect(call("UpdateModel", { ModelId, ...changes })).toEqual({ ModelId, ...changes });
  expect(call("UpdateModel", { ModelId, Description: "" })).not.toHaveProperty("Description");
  call("DeleteModel", { ModelId });
  for (const operation of ["GetModel", "GetModelTemplate", "UpdateModel", "DeleteModel"]) {
    expect(refused(operation, { ModelId })).toBe(
      `NotFoundException: Invalid Model identifier specified ${ModelId}`,
    );
  }
});

test.each([
  [{ Name: "a-b" }, "BadRequestException: Model name must be alphanumeric: a-b"],
  [{ Name: "" }, "BadRequestException: Model name must be non-empty"],
  [
    { ContentType: "json" },
    "BadRequestException: Validation Result: warnings : [], errors : [Invalid content type specified: json]",
  ],
  [{ Name: "Taken" }, "ConflictException: Model name already exists for this API"],
  [
    { Schema: "[" },
    "BadRequestException: Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified]",
  ],
  [
    { Schema: '{"$id": "x", "type": "nonsense"}' },
    'BadRequestException: Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified. Unsupported keyword(s): ["$id"], Invalid model schema specified]',
  ],
  [{ Schema: " ".repeat(32_769) }, "BadRequestException: Schema cannot have more than 32768 characters"],
])("%j is refused", (input, message) => {
  const { call, refused } = webSocketApi();
  call("CreateModel", { Name: "Taken", Schema });
  expect(refused("CreateModel", { Name: "Pet", Schema, ...input })).toBe(message);
});

test("a model that is named keeps its name and stays", () => {
  const { call, refused } = webSocketApi();
  const { ModelId } = call("CreateModel", { Name: "Pet", Schema });
  const { RouteId } = call("CreateRoute", { RouteKey: "a", RequestModels: { $default: "Pet" } });
  const text = "ConflictException: Cannot delete model 'Pet', is referenced in route: a";
  expect(refused("DeleteModel", { ModelId })).toBe(text);
  expect(refused("UpdateModel", { ModelId, Name: "Other" })).toBe(text);
  expect(call("UpdateModel", { ModelId, Schema: "{}" }).Schema).toBe("{}");
  call("UpdateRoute", { RouteId, RequestModels: { $default: "" } });
  call("DeleteModel", { ModelId });
});

test("a model may refer to another, which stays as long", () => {
  const { ApiId, call, refused } = webSocketApi();
  const { ModelId } = call("CreateModel", { Name: "Pet", Schema });
  const reference = JSON.stringify({ $ref: `https://apigateway.amazonaws.com/restapis/${ApiId}/models/Pet` });
  call("CreateModel", { Name: "Pets", Schema: reference });
  expect(refused("DeleteModel", { ModelId })).toBe(
    "ConflictException: Cannot delete model 'Pet', is referenced in model: Pets",
  );
});
