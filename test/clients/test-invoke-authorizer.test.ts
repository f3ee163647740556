/** Authorizers tried out, and methods with authorizers. */
import {
  type APIGatewayClient,
  TestInvokeAuthorizerCommand,
  type TestInvokeAuthorizerCommandInput,
} from "@aws-sdk/client-api-gateway";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gateway, startGateway } from "../gateway.ts";
import {
  type AuthorizerOptions,
  allowed,
  apiWith,
  guideFunction,
  requestFunction,
} from "./authorizer-api.ts";
import { apiGatewayClient, lambdaClient } from "./clients.ts";
import { logLines, mock } from "./rest-api.ts";
import { createFunction, functionArn } from "./stored-functions.ts";

let gateway: Gateway;
let client: APIGatewayClient;
let lambda: LambdaClient;

beforeAll(async () => {
  gateway = await startGateway();
  client = apiGatewayClient(gateway.origin);
  lambda = lambdaClient(gateway.origin);
});
afterAll(() => gateway.stop());

describe("TestInvokeAuthorizer", () => {
  async function testOf(functionName: string, options: AuthorizerOptions = {}) {
    const { api, authorizerId } = await apiWith(client, lambda, functionName, options);
    return {
      api,
      authorizerId,
      invoke: (input: Partial<TestInvokeAuthorizerCommandInput>) =>
        client.send(new TestInvokeAuthorizerCommand({ restApiId: api.id, authorizerId, ...input })),
    };
  }

  test("gives the policy, also one that denies", async () => {
    const { api, invoke } = await testOf(await allowed(lambda, guideFunction));
    for (const [token, Effect] of [
      ["allow", "Allow"],
      ["deny", "Deny"],
    ] as const) {
      const { clientStatus, principalId, policy } = await invoke({ headers: { authorizationToken: token } });
      expect([clientStatus, principalId]).toEqual([200, "user"]);
      expect(JSON.parse(policy as string).Statement).toEqual([
        {
          Action: "execute-api:Invoke",
          Effect,
          Resource: `arn:aws:execute-api:us-east-1:000000000000:${api.id}/ESTestInvoke-stage/GET/`,
        },
      ]);
    }
  });

  test("tells what happened, line by line", async () => {
    const name = await allowed(lambda, guideFunction);
    const { api, authorizerId, invoke } = await testOf(name);
    const { log } = await invoke({ headers: { authorizationToken: "allow-secret" } });
    const lines = logLines(log);
    const requestId = lines[0]?.replace("Execution log for request ", "");
    const uri = `https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/${functionArn(name)}/invocations`;
    expect(lines).toEqual([
      `Execution log for request ${requestId}`,
      `Starting authorizer: ${authorizerId} for request: ${requestId}`,
      "Incoming identity: ******secret",
      `Endpoint request URI: ${uri}`,
      expect.stringMatching(/^Endpoint request headers: \{/),
      `Endpoint request body after transformations: {"type":"TOKEN","methodArn":"arn:aws:execute-api:us-east-1:000000000000:${api.id}/ESTestInvoke-stage/GET/","authorizationToken":"allow-secret"}`,
      `Sending request to ${uri}`,
      expect.stringMatching(/^Authorizer result body before parsing: \{"principalId":"user"/),
      "Using valid authorizer policy for principal: user",
      "Successfully completed authorizer execution",
      "",
    ]);
  });

  test.each([
    [{ authorizationToken: "unauthorized" }, 401, ["Unauthorized request: ID", "Unauthorized"]],
    [{}, 401, ["Unauthorized request: ID", "Unauthorized"]],
    [
      { authorizationToken: "fail" },
      500,
      [
        'Execution failed due to configuration error: Invalid JSON in response: Unrecognized field "errorType" , not marked as ignorable',
        "AuthorizerConfigurationException",
      ],
    ],
    [
      { authorizationToken: "nothing" },
      500,
      [
        "Execution failed due to configuration error: Could not parse policy",
        "AuthorizerConfigurationException",
      ],
    ],
  ])("with %j the client would get %i", async (headers, status, ends) => {
    const { invoke } = await testOf(await allowed(lambda, guideFunction));
    const { clientStatus, log, policy } = await invoke({ headers });
    expect([clientStatus, policy]).toEqual([status, undefined]);
    const requestId = /^Execution log for request (\S+)/.exec(log ?? "")?.[1] ?? "";
    expect(logLines(log).slice(-3, -1)).toEqual(ends.map((line) => line.replace("ID", requestId)));
  });

  test("of a REQUEST authorizer: a request that no resource takes part in", async () => {
    const identitySource =
      "method.request.header.X-Hash, method.request.querystring.q, context.identity.sourceIp";
    const { api, invoke } = await testOf(await allowed(lambda, requestFunction), {
      type: "REQUEST",
      identitySource,
    });
    const { log } = await invoke({
      multiValueHeaders: { "X-Hash": ["aaaaaaaaaaaaaa"] },
      pathWithQueryString: "/pets/7?q=1",
      stageVariables: { v: "1" },
      additionalContext: { "identity.sourceIp": "203.0.113.77" },
    });
    const lines = logLines(log);
    expect(lines[2]).toBe(
      "Incoming identity: {method.request.header.X-Hash=********aaaaaa, method.request.querystring.q=1, context.identity.sourceIp=******113.77}",
    );
    const event = JSON.parse(lines[5]?.replace("Endpoint request body after transformations: ", "") ?? "");
    expect(event).toMatchObject({
      type: "REQUEST",
      methodArn: `arn:aws:execute-api:us-east-1:000000000000:${api.id}/ESTestInvoke-stage/GET/`,
      resource: "/",
      path: "/pets/7",
      httpMethod: "GET",
      headers: { "X-Hash": "aaaaaaaaaaaaaa" },
      pathParameters: {},
      stageVariables: { v: "1" },
      requestContext: {
        resourceId: "test-invoke-resource-id",
        resourcePath: "/",
        stage: "test-invoke-stage",
        path: "/pets/7",
        identity: { apiKey: "test-invoke-api-key", sourceIp: "203.0.113.77" },
      },
    });
  });

  test("a function that may not be called", async () => {
    const { invoke } = await testOf(await createFunction(lambda, guideFunction));
    const { clientStatus, log } = await invoke({ headers: { authorizationToken: "allow" } });
    expect(clientStatus).toBe(500);
    expect(logLines(log).slice(-3)).toEqual([
      "Execution failed due to configuration error: Invalid permissions on Lambda function",
      "AuthorizerConfigurationException",
      "",
    ]);
  });
});

test("a test of a method passes its authorizer by", async () => {
  const { api, method } = await apiWith(client, lambda, await createFunction(lambda, guideFunction));
  await api.method("GET", "/pets", { method, integration: mock(), responses: [{}] });
  const { status } = await api.testMethod("GET", "/pets");
  expect(status).toBe(200);
});
