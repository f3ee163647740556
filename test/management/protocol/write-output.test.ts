import { expect, test } from "vitest";
import { models, type OperationModel } from "../../../src/management/protocol/model.ts";
import { writeOutput } from "../../../src/management/protocol/write-output.ts";

const write = (service: string, operation: string, output?: Record<string, unknown>) =>
  writeOutput(service, models[service]?.operations[operation] as OperationModel, output, "request-1");

test("V1: lists are `item`, times are seconds, undefined members are left out", async () => {
  const response = write("apigateway", "GetRestApis", {
    items: [{ id: "a", name: "n", createdDate: 1_700_000_000, description: undefined }],
  });
  expect(response.status).toBe(200);
  expect(response.headers.get("x-amzn-RequestId")).toBe("request-1");
  expect(await response.json()).toEqual({ item: [{ id: "a", name: "n", createdDate: 1_700_000_000 }] });
});

test("V2: times are texts", async () => {
  const response = write("apigatewayv2", "CreateApi", { ApiId: "a", CreatedDate: 1_700_000_000 });
  expect(await response.json()).toEqual({ apiId: "a", createdDate: "2023-11-14T22:13:20Z" });
});

test("statuses are the model's", () => {
  expect(write("apigateway", "CreateRestApi", {}).status).toBe(201);
  expect(write("apigateway", "DeleteRestApi").status).toBe(202);
  expect(write("apigateway", "DeleteMethod").status).toBe(204);
});

test("a payload goes out as it is, its companions as headers, and the status may be the handler's", async () => {
  const response = write("lambda", "Invoke", {
    StatusCode: 202,
    FunctionError: "Unhandled",
    Payload: '{"a":1}',
  });
  expect(response.status).toBe(202);
  expect(response.headers.get("X-Amz-Function-Error")).toBe("Unhandled");
  expect(await response.text()).toBe('{"a":1}');
});
