import { beforeEach, describe, expect, test } from "vitest";
import { account, replace } from "./calling.ts";

const arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/nlb/1234567890abcdef";
const otherArn =
  "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/other/1234567890abcdef";
const VPC_LINK_TARGETS = JSON.stringify({ [arn]: "http://10.0.0.5:8080", named: "https://backend.example" });

let { call, refused, callV2, published, createApi } = account();

beforeEach(() => {
  ({ call, refused, callV2, published, createApi } = account({ VPC_LINK_TARGETS }));
});

const create = (input: object = {}) => call("CreateVpcLink", { name: "link", targetArns: [arn], ...input });
const get = (vpcLinkId: string) => call("GetVpcLink", { vpcLinkId });
const available = { status: "AVAILABLE", statusMessage: "Your vpc link is ready for use" };
const noLink = "NotFoundException: Invalid Vpc Link identifier specified";

describe("a link", () => {
  test("is pending, then available, with the recorded members", () => {
    const created = create();
    const { id } = created;
    expect(id).toMatch(/^[a-z0-9]{6}$/);
    expect(created).toEqual({ id, name: "link", targetArns: [arn], status: "PENDING" });
    expect(get(id)).toEqual({ id, name: "link", targetArns: [arn], ...available, tags: {} });
    expect(call("GetVpcLinks")).toEqual({ items: [{ id, name: "link", targetArns: [arn], ...available }] });
  });

  test("keeps its description and tags, and shares them with the tag operations", () => {
    const { id } = create({ description: "to pets", tags: { team: "pets" } });
    const resourceArn = `arn:aws:apigateway:us-east-1::/vpclinks/${id}`;
    call("TagResource", { resourceArn, tags: { stage: "dev" } });
    call("UntagResource", { resourceArn, tagKeys: ["team"] });
    expect(call("GetTags", { resourceArn })).toEqual({ tags: { stage: "dev" } });
    expect(get(id)).toMatchObject({ description: "to pets", tags: { stage: "dev" } });
    const nowhere = { resourceArn: "arn:aws:apigateway:us-east-1::/vpclinks/nothing" };
    expect(refused("GetTags", nowhere)).toBe(noLink);
  });

  test("is available by its name as well", () => {
    const { id } = create({ name: "named", targetArns: [otherArn] });
    expect(get(id)).toMatchObject(available);
  });

  test("whose target is set nowhere has failed, and says what to set", () => {
    const { id } = create({ targetArns: [otherArn] });
    expect(get(id)).toMatchObject({
      status: "FAILED",
      statusMessage: `Nothing says where this load balancer is: set VPC_LINK_TARGETS to {"${otherArn}": "http://host:port"}`,
    });
  });

  test("to another load balancer than AWS takes has failed", () => {
    const { id } = create({ name: "named", targetArns: [arn.replace("/net/", "/app/")] });
    expect(get(id)).toMatchObject({ status: "FAILED", statusMessage: "NLB ARN is malformed" });
    expect(published.get("vpc-links")).toEqual({});
  });

  test.each([
    [{ name: "", targetArns: [] }, "Name cannot be empty"],
    [{ targetArns: ["invalid-arn"] }, "Invalid ARN. ARN is not well formed invalid-arn"],
    [{ targetArns: [null] }, "Invalid ARN. ARN is not well formed null"],
    [{ targetArns: [] }, "Target arns cannot be empty"],
    [{ targetArns: [arn, otherArn] }, "More than one target arn specified for vpc link."],
    [{ tags: { "aws:x": "y" } }, "Invalid tag key specified: aws:x. 'aws:' is a reserved prefix."],
  ])("that cannot be: %j", (input, message) => {
    expect(refused("CreateVpcLink", { name: "link", targetArns: [arn], ...input })).toBe(
      `BadRequestException: ${message}`,
    );
  });

  test("is patched: name and description alone", () => {
    const { id: vpcLinkId } = create();
    const patchOperations = [replace("/name", "new"), replace("/description", "text")];
    expect(call("UpdateVpcLink", { vpcLinkId, patchOperations })).toEqual({
      id: vpcLinkId,
      name: "new",
      description: "text",
      targetArns: [arn],
      ...available,
      tags: {},
    });
    expect(published.get("vpc-links")[vpcLinkId].name).toBe("new");
    const refusal = (operation: object) =>
      refused("UpdateVpcLink", { vpcLinkId, patchOperations: [operation] });
    expect(refusal(replace("/name", ""))).toBe("BadRequestException: Name cannot be empty");
    expect(refusal({ op: "add", path: "/targetArns", value: otherArn })).toBe(
      "BadRequestException: Target arns are not allowed to be changed/added.",
    );
    expect(refusal(replace("/status", "FAILED"))).toBe("BadRequestException: Invalid patch path /status");
  });

  test("comes in pages, and goes when it is deleted", () => {
    const ids = ["a", "b", "c"].map((name) => create({ name }).id);
    const { items, position } = call("GetVpcLinks", { limit: 2 });
    expect(items.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
    expect(call("GetVpcLinks", { limit: 2, position }).items).toMatchObject([{ id: ids[2] }]);
    expect(call("DeleteVpcLink", { vpcLinkId: ids[0] })).toBeUndefined();
    expect(Object.keys(published.get("vpc-links"))).toEqual(ids.slice(1));
    for (const operation of ["GetVpcLink", "UpdateVpcLink", "DeleteVpcLink"]) {
      expect(refused(operation, { vpcLinkId: ids[0] })).toBe(noLink);
    }
  });
});

describe("integrations", () => {
  let restApiId = "";
  let resourceId = "";

  beforeEach(() => {
    const api = createApi();
    restApiId = api.id;
    resourceId = api.rootResourceId;
    call("PutMethod", { restApiId, resourceId, httpMethod: "GET", authorizationType: "NONE" });
  });

  const place = () => ({ restApiId, resourceId, httpMethod: "GET" });
  const integration = (input: object) => ({
    ...place(),
    type: "HTTP_PROXY",
    integrationHttpMethod: "GET",
    uri: "http://nlb.example.com",
    connectionType: "VPC_LINK",
    ...input,
  });

  test("name a link by its id or by a stage variable", () => {
    const connectionId = "${stageVariables.vpcLinkId}";
    expect(call("PutIntegration", integration({ connectionId }))).toMatchObject({
      connectionType: "VPC_LINK",
      connectionId,
    });
    const patchOperations = [replace("/connectionId", "${stageVariables.vpcLinkIdBeta}")];
    expect(call("UpdateIntegration", { ...place(), patchOperations })).toMatchObject({
      connectionId: "${stageVariables.vpcLinkIdBeta}",
    });
  });

  test("that cannot be", () => {
    expect(refused("PutIntegration", integration({}))).toBe(
      "BadRequestException: ConnectionId should be set to the vpcLinkId or stage variable on connection type VPC_LINK",
    );
    const service = { type: "AWS", uri: "arn:aws:apigateway:us-east-1:sqs:action/ListQueues" };
    expect(refused("PutIntegration", integration({ connectionId: "abc", ...service }))).toBe(
      "BadRequestException: Connection type VPC_LINK is only supported for integrations of type HTTP and HTTP_PROXY",
    );
  });

  test("through a V2 link name their target", () => {
    const { VpcLinkId: connectionId } = callV2("CreateVpcLink", { Name: "v2", SubnetIds: ["subnet-a"] });
    expect(refused("PutIntegration", integration({ connectionId }))).toBe(
      `BadRequestException: IntegrationTarget is required for VpcLinkV2 ${connectionId}`,
    );
    call("PutIntegration", integration({ connectionId, integrationTarget: otherArn }));
    call("CreateDeployment", { restApiId, stageName: "dev" });
    expect(refused("DeleteVpcLink", { VpcLinkId: connectionId }, callV2)).toContain("is referenced in");
  });

  test("keep a link from being deleted while they are deployed", () => {
    const { id: vpcLinkId } = create();
    const { id: otherId } = create();
    call("PutIntegration", integration({ connectionId: "${stageVariables.link}" }));
    const variables = { link: vpcLinkId };
    const deployment = call("CreateDeployment", { restApiId, stageName: "dev", variables });
    expect(deployment).not.toHaveProperty("vpcLinkUses");
    expect(refused("DeleteVpcLink", { vpcLinkId })).toBe(
      `BadRequestException: Cannot delete vpc link. Vpc link '${vpcLinkId}', is referenced in [${restApiId}:GET:${resourceId}:dev] in format of [RESTApiId:Method:Resource:Stage].`,
    );
    call("UpdateStage", {
      restApiId,
      stageName: "dev",
      patchOperations: [replace("/variables/link", otherId)],
    });
    call("DeleteVpcLink", { vpcLinkId });
    call("DeleteStage", { restApiId, stageName: "dev" });
    call("DeleteVpcLink", { vpcLinkId: otherId });
  });

  test("go through an import as they are", () => {
    const body = JSON.stringify({
      openapi: "3.0.1",
      info: { title: "t", version: "1" },
      paths: {
        "/": {
          get: {
            "x-amazon-apigateway-integration": {
              type: "http_proxy",
              httpMethod: "GET",
              uri: "http://nlb.example.com",
              connectionType: "VPC_LINK",
              connectionId: "${stageVariables.vpcLinkId}",
              passthroughBehavior: "when_no_match",
            },
          },
        },
      },
    });
    call("PutRestApi", { restApiId, mode: "overwrite", body: Buffer.from(body) });
    expect(call("GetIntegration", place())).toMatchObject({
      type: "HTTP_PROXY",
      connectionType: "VPC_LINK",
      connectionId: "${stageVariables.vpcLinkId}",
    });
  });
});
