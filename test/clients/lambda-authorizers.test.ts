/** Lambda authorizers as a client meets them, with stored functions behind them. */

import { setTimeout as sleep } from "node:timers/promises";
import {
  type APIGatewayClient,
  FlushStageAuthorizersCacheCommand,
  PutGatewayResponseCommand,
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
import { createFunction, permit } from "./stored-functions.ts";

let gateway: Gateway;
let client: APIGatewayClient;
let lambda: LambdaClient;

beforeAll(async () => {
  gateway = await startGateway();
  client = apiGatewayClient(gateway.origin);
  lambda = lambdaClient(gateway.origin);
});
afterAll(() => gateway.stop());

/** An API with the guide's function before `GET /pets` and `GET /pets/{id}`. */
async function guideApi(options: AuthorizerOptions = {}) {
  const made = await apiWith(client, lambda, await allowed(lambda, guideFunction), options);
  const { api, method, integration } = made;
  await api.method("GET", "/pets", { method, integration });
  await api.method("GET", "/pets/{id}", { method, integration });
  await api.deploy();
  const call = (token?: string, path = "/pets") =>
    fetch(api.url(gateway.origin, path), {
      headers: token === undefined ? {} : { authorizationToken: token },
    });
  return { ...made, call };
}

async function seen(response: Response) {
  return [response.status, response.headers.get("x-amzn-errortype"), await response.text()];
}

const explicitDeny = [
  403,
  "AccessDeniedException",
  '{"Message":"User is not authorized to access this resource with an explicit deny in an identity-based policy"}',
];
const implicitDeny = [
  403,
  "AccessDeniedException",
  '{"Message":"User is not authorized to access this resource because no identity-based policy allows the execute-api:Invoke action"}',
];
const unauthorized = [401, "UnauthorizedException", '{"message":"Unauthorized"}'];
const configurationError = [500, "AuthorizerConfigurationException", '{"message":null}'];

describe("a TOKEN authorizer", () => {
  test("answers as the guide's example does", async () => {
    const { call } = await guideApi();
    const answer = await call("allow");
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      stringKey: "stringval",
      numberKey: "123",
      booleanKey: "true",
      calls: "1",
      principalId: "user",
      integrationLatency: expect.any(Number),
    });
    expect(await seen(await call("deny"))).toEqual(explicitDeny);
    expect(await seen(await call("unauthorized"))).toEqual(unauthorized);
    expect(await seen(await call("fail"))).toEqual(configurationError);
  });

  test("is not asked without a token", async () => {
    const { call } = await guideApi();
    expect(await seen(await call())).toEqual(unauthorized);
    expect(await seen(await call(""))).toEqual(unauthorized);
    expect(await (await call("allow")).json()).toMatchObject({ calls: "1" });
  });

  test("is not asked about a token that does not match, which is all of it", async () => {
    const { call } = await guideApi({ identityValidationExpression: "allow[a-z]*" });
    expect(await seen(await call("deny"))).toEqual(unauthorized);
    expect(await seen(await call("allow7"))).toEqual(unauthorized);
    expect(await (await call("allowed")).json()).toMatchObject({ calls: "1" });
  });

  test.each(["nothing", "extra", "list"])("what it returns for %s is no result", async (token) => {
    const { call } = await guideApi();
    expect(await seen(await call(token))).toEqual(configurationError);
  });

  test("without permission to call the function nobody gets in", async () => {
    const { api, method, integration } = await apiWith(
      client,
      lambda,
      await createFunction(lambda, guideFunction),
    );
    await api.method("GET", "/pets", { method, integration });
    await api.deploy();
    const call = () => fetch(api.url(gateway.origin, "/pets"), { headers: { authorizationToken: "allow" } });
    expect(await seen(await call())).toEqual(configurationError);
  });

  test("the permission may name the authorizer", async () => {
    const name = await createFunction(lambda, guideFunction);
    const { api, method, integration, authorizerId } = await apiWith(client, lambda, name);
    await permit(lambda, name, `${api.id}/authorizers/${authorizerId}`);
    await api.method("GET", "/pets", { method, integration });
    await api.deploy();
    const { status } = await fetch(api.url(gateway.origin, "/pets"), {
      headers: { authorizationToken: "allow" },
    });
    expect(status).toBe(200);
  });

  test("a function that is not there is an error of the authorizer", async () => {
    const { api, method, integration } = await apiWith(client, lambda, "nowhere");
    await api.method("GET", "/pets", { method, integration });
    await api.deploy();
    const call = fetch(api.url(gateway.origin, "/pets"), { headers: { authorizationToken: "allow" } });
    expect(await seen(await call)).toEqual(configurationError);
  });
});

describe("a result that is kept", () => {
  test("counts for every method of the API, and so may deny another implicitly", async () => {
    const { call } = await guideApi();
    expect(await (await call("allow")).json()).toMatchObject({ calls: "1" });
    expect(await seen(await call("allow", "/pets/7"))).toEqual(implicitDeny);
    expect(await (await call("allow")).json()).toMatchObject({ calls: "1", integrationLatency: 0 });
    expect(await (await call("allow2", "/pets/7")).json()).toMatchObject({ calls: "2" });
    expect(await seen(await call("deny"))).toEqual(explicitDeny);
    expect(await seen(await call("deny"))).toEqual(explicitDeny);
    expect(await (await call("allow3")).json()).toMatchObject({ calls: "4" });
  });

  test("is asked for once by calls that come together", async () => {
    const { call } = await guideApi();
    const answers = await Promise.all(Array.from({ length: 8 }, () => call("slow")));
    for (const answer of answers) expect(await answer.json()).toMatchObject({ calls: "1" });
  });

  test("comes although the client whose call it was has gone", async () => {
    const { api, call } = await guideApi();
    const url = api.url(gateway.origin, "/pets");
    const leaving = new AbortController();
    const gone = fetch(url, { headers: { authorizationToken: "slow" }, signal: leaving.signal });
    await sleep(150);
    const waiting = call("slow");
    await sleep(50);
    leaving.abort();
    await expect(gone).rejects.toThrow();
    expect(await (await waiting).json()).toMatchObject({ calls: "1" });
  });

  test("is none with a TTL of 0", async () => {
    const { call } = await guideApi({ authorizerResultTtlInSeconds: 0 });
    expect(await (await call("allow")).json()).toMatchObject({ calls: "1" });
    expect(await (await call("allow", "/pets/7")).json()).toMatchObject({ calls: "2" });
  });

  test("expires", async () => {
    const { call } = await guideApi({ authorizerResultTtlInSeconds: 1 });
    expect(await (await call("allow")).json()).toMatchObject({ calls: "1" });
    await sleep(1_100);
    expect(await (await call("allow")).json()).toMatchObject({ calls: "2" });
  });

  test("is flushed, and left behind by a deployment and by another stage", async () => {
    const { api, call } = await guideApi();
    expect(await (await call("any")).json()).toMatchObject({ calls: "1" });
    await client.send(new FlushStageAuthorizersCacheCommand({ restApiId: api.id, stageName: "test" }));
    expect(await (await call("any")).json()).toMatchObject({ calls: "2" });
    await api.deploy();
    expect(await (await call("any")).json()).toMatchObject({ calls: "3" });
    await api.deploy("other");
    const other = fetch(api.url(gateway.origin, "/pets", "other"), {
      headers: { authorizationToken: "any" },
    });
    expect(await (await other).json()).toMatchObject({ calls: "4" });
  });

  test("failures and 401 are not kept", async () => {
    const { call } = await guideApi();
    for (const token of ["unauthorized", "fail", "unauthorized", "fail"]) await call(token);
    expect(await (await call("allow")).json()).toMatchObject({ calls: "5" });
  });
});

describe("a REQUEST authorizer", () => {
  const identitySource =
    "method.request.header.HeaderAuth1, method.request.querystring.QueryString1, stageVariables.StageVar1, context.httpMethod";

  async function requestApi(variables: Record<string, string> = { StageVar1: "v" }) {
    const made = await apiWith(client, lambda, await allowed(lambda, requestFunction), {
      type: "REQUEST",
      identitySource,
    });
    const { api, method, integration } = made;
    await api.method("ANY", "/a/{id}", { method, integration });
    await api.deploy("test", variables);
    const call = (
      query = "?QueryString1=q",
      headers: Record<string, string> = { HeaderAuth1: "h" },
      init = {},
    ) => fetch(api.url(gateway.origin, `/a/7${query}`), { headers, ...init });
    return { ...made, call };
  }

  test("is sent the request without its body, and nothing is null", async () => {
    const { api, call } = await requestApi();
    const answer = await call(
      "?QueryString1=1&QueryString1=2",
      { HeaderAuth1: "h" },
      { method: "POST", body: "x" },
    );
    const authorizer = (await answer.json()) as { event: string };
    const event = JSON.parse(authorizer.event);
    expect(Object.keys(event)).toEqual([
      "type",
      "methodArn",
      "resource",
      "path",
      "httpMethod",
      "headers",
      "multiValueHeaders",
      "queryStringParameters",
      "multiValueQueryStringParameters",
      "pathParameters",
      "stageVariables",
      "requestContext",
    ]);
    expect(event).toMatchObject({
      type: "REQUEST",
      methodArn: `arn:aws:execute-api:us-east-1:000000000000:${api.id}/test/POST/a/7`,
      resource: "/a/{id}",
      path: "/a/7",
      httpMethod: "POST",
      // As the identity source has it.
      headers: { HeaderAuth1: "h" },
      multiValueHeaders: { HeaderAuth1: ["h"] },
      queryStringParameters: { QueryString1: "2" },
      multiValueQueryStringParameters: { QueryString1: ["1", "2"] },
      pathParameters: { id: "7" },
      stageVariables: { StageVar1: "v" },
      requestContext: { resourcePath: "/a/{id}", stage: "test", apiId: api.id, path: "/test/a/7" },
    });
    expect(event.requestContext).not.toHaveProperty("authorizer");
    expect(event.headers["X-Forwarded-Proto"]).toBe("http");
  });

  test("needs every source", async () => {
    const { call } = await requestApi();
    expect((await call()).status).toBe(200);
    expect(await seen(await call(""))).toEqual(unauthorized);
    expect(await seen(await call("?QueryString1="))).toEqual(unauthorized);
    expect(await seen(await call("?QueryString1=q", {}))).toEqual(unauthorized);
    const without = await requestApi({ Other: "v" });
    expect(await seen(await without.call())).toEqual(unauthorized);
  });

  test("keeps results apart by every value of every source", async () => {
    const { call } = await requestApi();
    const askedWith = async (query: string, init: RequestInit = {}) =>
      JSON.parse(((await (await call(query, undefined, init)).json()) as { event: string }).event);
    expect((await askedWith("?QueryString1=1&n=1")).queryStringParameters.n).toBe("1");
    expect((await askedWith("?QueryString1=1&n=2")).queryStringParameters.n).toBe("1");
    expect((await askedWith("?QueryString1=1&QueryString1=1&n=3")).queryStringParameters.n).toBe("3");
    expect((await askedWith("?QueryString1=2&n=4")).queryStringParameters.n).toBe("4");
    expect((await askedWith("?QueryString1=2&n=5", { method: "PUT" })).queryStringParameters.n).toBe("5");
  });

  test("may have no source when nothing is kept", async () => {
    const made = await apiWith(client, lambda, await allowed(lambda, requestFunction), {
      type: "REQUEST",
      identitySource: "",
      authorizerResultTtlInSeconds: 0,
    });
    await made.api.method("GET", "/open", made);
    await made.api.deploy();
    const call = (headers: Record<string, string>) =>
      fetch(made.api.url(gateway.origin, "/open"), { headers });
    const answer = (await (await call({})).json()) as { event: string };
    expect(JSON.parse(answer.event)).toMatchObject({
      queryStringParameters: {},
      multiValueQueryStringParameters: {},
      pathParameters: {},
      stageVariables: {},
    });
    expect(await seen(await call({ "X-Refuse": "1" }))).toEqual(unauthorized);
  });
});

/** Policies about what is asked for and from where. */
const policyFunction = `export const handler = async ({ authorizationToken, methodArn }) => {
  const api = methodArn.split("/").slice(0, 2).join("/");
  const allow = { Action: "execute-api:Invoke", Effect: "Allow", Resource: api + "/*" };
  const Statement = {
    admin: [allow, { ...allow, Effect: "Deny", Resource: api + "/*/admin*" }],
    local: [{ ...allow, Condition: { IpAddress: { "aws:SourceIp": ["127.0.0.0/8", "::1"] } } }],
    remote: [{ ...allow, Condition: { NotIpAddress: { "aws:SourceIp": ["127.0.0.0/8", "::1"] } } }],
    arn: [allow],
  }[authorizationToken];
  return {
    principalId: "p",
    policyDocument: { Version: "2012-10-17", Statement },
    context: { methodArn, message: "because" },
  };
};`;

describe("a policy", () => {
  async function policyApi() {
    const made = await apiWith(client, lambda, await allowed(lambda, policyFunction), {
      authorizerResultTtlInSeconds: 0,
    });
    const { api, method, integration } = made;
    for (const path of ["/admin", "/{other}", "/files/{proxy+}"])
      await api.method("GET", path, { method, integration });
    await api.method("GET", "/mapped", {
      method,
      integration: {
        type: "MOCK",
        requestTemplates: { "application/json": '{"statusCode": 200}' },
      },
      responses: [
        {
          responseTemplates: {
            "application/json":
              "$context.authorizer.principalId $context.authorizer.message $!context.authorizer.none",
          },
        },
      ],
    });
    await client.send(
      new PutGatewayResponseCommand({
        restApiId: api.id,
        responseType: "ACCESS_DENIED",
        responseTemplates: { "text/plain": "$context.error.message: $context.authorizer.message" },
      }),
    );
    await api.deploy();
    const call = (path: string, token: string) =>
      fetch(api.url(gateway.origin, path), { headers: { authorizationToken: token } });
    return { api, call };
  }

  test("meets one form of a path, however it is written", async () => {
    const { api, call } = await policyApi();
    for (const path of ["/admin", "/%61dmin", "//admin", "/admin/", "/admi%6E"]) {
      expect((await call(path, "admin")).status).toBe(403);
    }
    expect((await call("/public", "admin")).status).toBe(200);
    const arnOf = async (path: string) =>
      ((await (await call(path, "arn")).json()) as { methodArn: string }).methodArn.split(
        `${api.id}/test/GET`,
      )[1];
    expect(await arnOf("/files/a%2Fb/%7Euser/c")).toBe("/files/a%2Fb/~user/c");
    expect(await arnOf("/x/")).toBe("/x");
  });

  test("may ask where the caller is", async () => {
    const { call } = await policyApi();
    expect((await call("/x", "local")).status).toBe(200);
    expect((await call("/x", "remote")).status).toBe(403);
  });

  test("its function's context is there for templates and gateway responses", async () => {
    const { call } = await policyApi();
    expect(await (await call("/mapped", "arn")).text()).toBe("p because ");
    const denied = await call("/admin", "admin");
    expect(await denied.text()).toBe(
      "User is not authorized to access this resource with an explicit deny in an identity-based policy: because",
    );
  });

  test("an ARN of over 1,600 bytes is 414", async () => {
    const { call } = await policyApi();
    expect((await call(`/files/${"a".repeat(1_500)}`, "arn")).status).toBe(200);
    expect(await seen(await call(`/files/${"a".repeat(1_600)}`, "arn"))).toEqual([
      414,
      "BadRequestException",
      '{"message": "Request URI too long"}',
    ]);
  });
});
