import { expect, test } from "vitest";
import { account } from "./calling.ts";

const { call, refused } = account();
const arnOf = (kind: string, id: string) => `arn:aws:apigateway:us-east-1::/${kind}/${id}`;

test.each([
  ["apikeys", "CreateApiKey", "GetApiKey", "apiKey"],
  ["usageplans", "CreateUsagePlan", "GetUsagePlan", "usagePlanId"],
  ["restapis", "CreateRestApi", "GetRestApi", "restApiId"],
])("%s are tagged", (kind, create, get, idName) => {
  const { id } = call(create, { name: "name", tags: { one: "1" } });
  const resourceArn = arnOf(kind, id);
  call("TagResource", { resourceArn, tags: { two: "2" } });
  call("UntagResource", { resourceArn, tagKeys: ["one"] });
  expect(call("GetTags", { resourceArn })).toEqual({ tags: { two: "2" } });
  expect(call(get, { [idName]: id }).tags).toEqual({ two: "2" });
});

test.each([
  ["anything", "BadRequestException: Invalid ARN specified in the request"],
  [arnOf("constructor", "x"), "BadRequestException: Invalid ARN specified in the request"],
  [arnOf("apikeys", "x/stages/dev"), "BadRequestException: Invalid ARN specified in the request"],
  [arnOf("apikeys", "x"), "NotFoundException: Invalid API Key identifier specified"],
  [arnOf("usageplans", "x"), "NotFoundException: Invalid Usage Plan ID specified"],
  [arnOf("restapis", "x/stages/dev"), "NotFoundException: Invalid API identifier specified 123456789012:x"],
])("%s is refused", (resourceArn, refusal) => {
  expect(refused("GetTags", { resourceArn })).toBe(refusal);
});
