import { expect, test } from "vitest";
import { compileLambdaUri } from "../../../src/invoke/integrations/lambda-uri.ts";

const uri = (name: string) =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:${name}/invocations`;

test("a function's ARN is in the URI", () => {
  expect(compileLambdaUri(uri("pets"))(undefined)).toEqual({
    region: "eu-west-1",
    accountId: "123456789012",
    name: "pets",
  });
});

test("the ARN may have a version or an alias", () => {
  expect(compileLambdaUri(uri("pets:live"))(undefined)?.qualifier).toBe("live");
  expect(compileLambdaUri(uri("pets:$LATEST"))(undefined)?.qualifier).toBe("$LATEST");
});

test("a stage variable may stand for the function", () => {
  const functionOf = compileLambdaUri(uri("${" + "stageVariables.fn}"));
  expect(functionOf({ fn: "pets" })?.name).toBe("pets");
  expect(functionOf({ fn: "dogs:2" })).toMatchObject({ name: "dogs", qualifier: "2" });
});

test("a stage variable may stand for the alias", () => {
  expect(compileLambdaUri(uri("pets:${" + "stageVariables.alias}"))({ alias: "live" })?.qualifier).toBe(
    "live",
  );
});

test("without the variable no function is named", () => {
  const functionOf = compileLambdaUri(uri("${" + "stageVariables.fn}"));
  expect(functionOf(undefined)).toBeUndefined();
  expect(functionOf({})).toBeUndefined();
  expect(compileLambdaUri(uri("${" + "stageVariables.constructor}"))({})).toBeUndefined();
});

test("a variable cannot lead out of the function's name", () => {
  expect(compileLambdaUri(uri("${" + "stageVariables.fn}"))({ fn: "../../x" })).toBeUndefined();
});

test.each([
  "arn:aws:lambda:us-east-1:123456789012:function:pets",
  "arn:aws:apigateway:us-east-1:s3:path/bucket/key",
  "https://example.com/",
])("%s names no function", (other) => {
  expect(compileLambdaUri(other)(undefined)).toBeUndefined();
});
