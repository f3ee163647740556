/** Private integrations: backends that can be reached through VPC links alone, since their host names lead nowhere. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import {
  CreateVpcLinkCommand,
  DeleteVpcLinkCommand,
  GetExportCommand,
  GetVpcLinkCommand,
  GetVpcLinksCommand,
  type PutIntegrationCommandInput,
  UpdateVpcLinkCommand,
} from "@aws-sdk/client-api-gateway";
import {
  CreateVpcLinkCommand as CreateV2VpcLinkCommand,
  DeleteVpcLinkCommand as DeleteV2VpcLinkCommand,
  GetVpcLinkCommand as GetV2VpcLinkCommand,
  GetVpcLinksCommand as GetV2VpcLinksCommand,
  UpdateVpcLinkCommand as UpdateV2VpcLinkCommand,
} from "@aws-sdk/client-apigatewayv2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gateway, startGateway } from "../gateway.ts";
import { apiGatewayClient, apiGatewayV2Client } from "./clients.ts";
import { TestApi } from "./rest-api.ts";

const loadBalancer = (kind: string, name: string) =>
  `arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/${kind}/${name}/1234567890abcdef`;
const nlb = loadBalancer("net", "pets");
const downNlb = loadBalancer("net", "down");
const nowhereNlb = loadBalancer("net", "nowhere");
const unknownNlb = loadBalancer("net", "unknown");
const alb = loadBalancer("app", "pets");
/** Nobody answers to it. */
const uri = "http://pets.internal.invalid:8080/base";

const backend = createServer(async (request, response) => {
  const body = await text(request);
  const { method, url, headers } = request;
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify({ method, url, host: headers.host, body }));
});
let gateway: Gateway;
let client: ReturnType<typeof apiGatewayClient>;
let v2: ReturnType<typeof apiGatewayV2Client>;

beforeAll(async () => {
  await new Promise<void>((resolve) => backend.listen(0, "localhost", resolve));
  const { port, address: ip } = backend.address() as AddressInfo;
  const address = ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`;
  gateway = await startGateway({
    env: {
      VPC_LINK_TARGETS: JSON.stringify({
        [nlb]: `http://${address}`,
        [alb]: `http://${address}`,
        [downNlb]: "http://127.0.0.1:9",
        [nowhereNlb]: "https://no-such-host.invalid",
        pets: `http://localhost:${port}`,
      }),
    },
  });
  client = apiGatewayClient(gateway.origin);
  v2 = apiGatewayV2Client(gateway.origin);
});
afterAll(async () => {
  backend.close();
  await gateway.stop();
});

async function createLink(targetArn: string, name = "link"): Promise<string> {
  const { id } = await client.send(new CreateVpcLinkCommand({ name, targetArns: [targetArn] }));
  return id as string;
}

/** An API whose ANY /{proxy+} goes through the link. */
async function createApi(
  connectionId: string,
  variables: Record<string, string> = {},
  integration: Partial<PutIntegrationCommandInput> = {},
): Promise<TestApi> {
  const api = await TestApi.create(client);
  await api.proxy("", uri, { connectionType: "VPC_LINK", connectionId, ...integration });
  await api.deploy("test", variables);
  return api;
}

const call = async (api: TestApi, path = "/pets/1?type=cat", init: RequestInit = {}) => {
  const response = await fetch(api.url(gateway.origin, path), init);
  return [response.status, await response.json()];
};
const internalError = [500, { message: "Internal server error" }];

describe("REST APIs", () => {
  test("a link's life", async () => {
    const created = await client.send(
      new CreateVpcLinkCommand({ name: "link", targetArns: [nlb], tags: { team: "pets" } }),
    );
    expect(created).toMatchObject({ $metadata: { httpStatusCode: 202 }, status: "PENDING" });
    const vpcLinkId = created.id as string;
    expect(await client.send(new GetVpcLinkCommand({ vpcLinkId }))).toMatchObject({
      status: "AVAILABLE",
      statusMessage: "Your vpc link is ready for use",
      tags: { team: "pets" },
      targetArns: [nlb],
    });
    const patchOperations = [{ op: "replace" as const, path: "/name", value: "new" }];
    await client.send(new UpdateVpcLinkCommand({ vpcLinkId, patchOperations }));
    const { items } = await client.send(new GetVpcLinksCommand({}));
    expect(items).toMatchObject([{ id: vpcLinkId, name: "new" }]);
    expect(await client.send(new DeleteVpcLinkCommand({ vpcLinkId }))).toMatchObject({
      $metadata: { httpStatusCode: 202 },
    });
    await expect(client.send(new GetVpcLinkCommand({ vpcLinkId }))).rejects.toMatchObject({
      name: "NotFoundException",
      message: "Invalid Vpc Link identifier specified",
    });
  });

  test("HTTP_PROXY: the request reaches the target as the URI says, with its host", async () => {
    const api = await createApi(await createLink(nlb));
    expect(await call(api, undefined, { method: "POST", body: "some" })).toEqual([
      200,
      { method: "POST", url: "/base/pets/1?type=cat", host: "pets.internal.invalid:8080", body: "some" },
    ]);
  });

  test("a large body goes there and comes back as a stream", async () => {
    const api = await createApi(await createLink(nlb), {}, { responseTransferMode: "STREAM" });
    const body = "x".repeat(2_000_000);
    expect(await call(api, "/pets", { method: "POST", body })).toMatchObject([200, { body }]);
  });

  test("an export says which link", async () => {
    const connectionId = await createLink(nlb);
    const api = await createApi(connectionId);
    const { body } = await client.send(
      new GetExportCommand({
        restApiId: api.id,
        stageName: "test",
        exportType: "oas30",
        parameters: { extensions: "integrations" },
      }),
    );
    const { paths } = JSON.parse(new TextDecoder().decode(body));
    const [method] = Object.values(paths["/{proxy+}"]);
    expect(method).toMatchObject({
      "x-amazon-apigateway-integration": { connectionType: "VPC_LINK", connectionId },
    });
  });

  test("HTTP, through the link of a stage variable", async () => {
    const api = await createApi(
      "${stageVariables.link}",
      { link: await createLink(nlb) },
      { type: "HTTP", passthroughBehavior: "WHEN_NO_MATCH" },
    );
    expect(
      await call(api, "/pets", {
        method: "PUT",
        body: "{}",
        headers: { "Content-Type": "application/json" },
      }),
    ).toEqual([200, { method: "PUT", url: "/base/pets", host: "pets.internal.invalid:8080", body: "{}" }]);
  });

  test("a change of the links is seen without a deployment", async () => {
    const first = await createLink(unknownNlb);
    const api = await createApi("${stageVariables.link}", { link: first });
    expect(await call(api)).toEqual(internalError);
    const second = await createLink(nlb);
    const moveTo = (link: string) => api.updateStage({ "/variables/link": link });
    await moveTo(second);
    expect((await call(api))[0]).toBe(200);
    await expect(client.send(new DeleteVpcLinkCommand({ vpcLinkId: second }))).rejects.toMatchObject({
      name: "BadRequestException",
      message: expect.stringContaining(`Vpc link '${second}', is referenced in [${api.id}:ANY:`),
    });
    await moveTo(first);
    await client.send(new DeleteVpcLinkCommand({ vpcLinkId: second }));
    await moveTo(second);
    expect(await call(api)).toEqual(internalError);
    await client.send(
      new UpdateVpcLinkCommand({
        vpcLinkId: first,
        patchOperations: [{ op: "replace", path: "/name", value: "pets" }],
      }),
    );
    await moveTo(first);
    expect((await call(api))[0]).toBe(200);
  });

  test("a link that has failed, says what to set", async () => {
    const vpcLinkId = await createLink(unknownNlb);
    expect(await client.send(new GetVpcLinkCommand({ vpcLinkId }))).toMatchObject({
      status: "FAILED",
      statusMessage: expect.stringContaining("set VPC_LINK_TARGETS to"),
    });
    const api = await createApi(vpcLinkId);
    expect(await call(api)).toEqual(internalError);
  });

  test("a target that is down is 504", async () => {
    const api = await createApi(await createLink(downNlb));
    expect(await call(api)).toEqual([504, { message: "Network error communicating with endpoint" }]);
  });

  test("a target whose name leads nowhere is 500", async () => {
    const api = await createApi(await createLink(nowhereNlb));
    expect(await call(api)).toEqual(internalError);
  });

  test("TestInvokeMethod goes through it, and says what is wrong with one", async () => {
    const api = await createApi("${stageVariables.link}");
    const tried = (link: string) =>
      api.testMethod("GET", "/{proxy+}", { pathWithQueryString: "/pets", stageVariables: { link } });
    expect(await tried(await createLink(nlb))).toMatchObject({
      status: 200,
      log: expect.stringContaining(`Endpoint request URI: ${uri}/pets`),
    });
    expect(await tried("nothing")).toMatchObject({
      status: 500,
      log: expect.stringContaining(
        "Execution failed due to configuration error: There is no VPC link 'nothing'",
      ),
    });
  });
});

describe("V2 links", () => {
  test("have their life, and the other operations of V2 say that they are not there", async () => {
    const created = await v2.send(
      new CreateV2VpcLinkCommand({ Name: "v2", SubnetIds: ["subnet-a"], SecurityGroupIds: ["sg-a"] }),
    );
    expect(created).toMatchObject({ VpcLinkStatus: "PENDING", VpcLinkVersion: "V2", Tags: {} });
    expect(created.CreatedDate).toBeInstanceOf(Date);
    const { VpcLinkId } = created;
    await v2.send(new UpdateV2VpcLinkCommand({ VpcLinkId, Name: "new" }));
    const { Items } = await v2.send(new GetV2VpcLinksCommand({}));
    expect(Items).toMatchObject([{ VpcLinkId, Name: "new", VpcLinkStatus: "AVAILABLE" }]);
    await v2.send(new DeleteV2VpcLinkCommand({ VpcLinkId }));
    await expect(v2.send(new GetV2VpcLinkCommand({ VpcLinkId }))).rejects.toMatchObject({
      name: "NotFoundException",
      $metadata: { httpStatusCode: 404 },
    });
  });

  test("lead where the integration of a REST API says", async () => {
    const { VpcLinkId } = await v2.send(new CreateV2VpcLinkCommand({ Name: "v2", SubnetIds: ["subnet-a"] }));
    const api = await createApi(VpcLinkId as string, {}, { integrationTarget: alb });
    expect(await call(api)).toMatchObject([200, { host: "pets.internal.invalid:8080" }]);
    const lost = await createApi(VpcLinkId as string, {}, { integrationTarget: unknownNlb });
    expect(await call(lost)).toEqual(internalError);
  });
});

test.each([
  ["{", "VPC_LINK_TARGETS is no JSON"],
  ['{"arn": "10.0.0.5"}', "it must be an origin such as http://10.0.0.5:8080"],
  ['{"arn": "binding:PETS"}', "bindings are there on Cloudflare alone"],
])("a gateway is not started with %s", async (VPC_LINK_TARGETS, message) => {
  await expect(startGateway({ env: { VPC_LINK_TARGETS } })).rejects.toThrow(message);
});
