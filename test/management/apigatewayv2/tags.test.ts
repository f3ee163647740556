import { expect, test } from "vitest";
import { webSocketApi } from "./websocket-api.ts";

const setUp = () => {
  const api = webSocketApi({ Tags: { a: "1" } });
  api.call("CreateStage", { StageName: "$default" });
  const { VpcLinkId } = api.call("CreateVpcLink", { Name: "l", SubnetIds: ["s"] });
  const arnOf = (resource: string) => `arn:aws:apigateway:us-east-1::/${resource}`;
  return {
    ...api,
    arns: [`apis/${api.ApiId}`, `apis/${api.ApiId}/stages/$default`, `vpclinks/${VpcLinkId}`].map(arnOf),
  };
};

test("tags of every kind are joined and taken away by name", () => {
  const { call, arns } = setUp();
  for (const ResourceArn of arns) {
    expect(call("TagResource", { ResourceArn, Tags: { a: "2", b: "3" } })).toEqual({});
    expect(call("GetTags", { ResourceArn })).toEqual({ Tags: { a: "2", b: "3" } });
    call("UntagResource", { ResourceArn, TagKeys: ["a", "c"] });
    expect(call("GetTags", { ResourceArn })).toEqual({ Tags: { b: "3" } });
  }
  expect(call("GetApi").Tags).toEqual({ b: "3" });
  expect(call("GetStage", { StageName: "$default" }).Tags).toEqual({ b: "3" });
});

test.each([
  ["apis/nothing", "NotFoundException: Invalid API identifier specified 123456789012:nothing"],
  ["vpclinks/nothing", "NotFoundException: Invalid VpcLink identifier specified nothing"],
  ["vpclinks/l/stages/s", "BadRequestException: Invalid ARN specified in the request"],
  ["restapis/a", "BadRequestException: Invalid ARN specified in the request"],
])("of %s there are none", (resource, message) => {
  const { refused } = setUp();
  expect(refused("GetTags", { ResourceArn: `arn:aws:apigateway:us-east-1::/${resource}` })).toBe(message);
});

test("a tag that AWS does not take is refused", () => {
  const { refused, arns } = setUp();
  expect(refused("TagResource", { ResourceArn: arns[0], Tags: { "aws:a": "1" } })).toContain(
    "BadRequestException",
  );
});
