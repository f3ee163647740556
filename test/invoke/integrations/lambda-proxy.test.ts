import { describe, expect, test } from "vitest";
import type { Integration } from "../../../src/definitions/rest-api.ts";
import { isLonger } from "../../../src/invoke/integrations/lambda.ts";
import { compileLambdaCustom } from "../../../src/invoke/integrations/lambda-custom.ts";
import {
  compileLambdaProxy,
  type LambdaProxyInvocation,
} from "../../../src/invoke/integrations/lambda-proxy.ts";
import { GatewayError } from "../../../src/invoke/rest/gateway-error.ts";

const integration: Integration = {
  type: "AWS_PROXY",
  httpMethod: "POST",
  uri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:pets/invocations",
  passthroughBehavior: "WHEN_NO_MATCH",
  timeoutInMillis: 29_000,
  cacheNamespace: "abc123",
  cacheKeyParameters: [],
};

/** Fails before anything of the request is read: these are faults of the configuration. */
const failureOf = (changes: Partial<Integration>) =>
  compileLambdaProxy(
    { ...integration, ...changes },
    () => false,
    false,
  )({} as LambdaProxyInvocation).catch((error) => error);

describe("a configuration that cannot work is 500 for every request", () => {
  // Recorded: test_lambda_aws_proxy_integration_non_post_method, where the type is INTEGRATION_FAILURE.
  test("an integration method other than POST", async () => {
    const error = await failureOf({ httpMethod: "GET" });
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject({
      type: "INTEGRATION_FAILURE",
      status: 500,
      message: "Internal server error",
    });
  });

  test("a URI that names no function", async () => {
    expect(await failureOf({ uri: "arn:aws:apigateway:us-east-1:lambda:path/nothing" })).toMatchObject({
      status: 500,
    });
  });

  // Recorded: test_apigateway_header_remapping_aws[AWS_PROXY].
  test.each([
    "Content-Length",
    "Transfer-Encoding",
    "Authorization",
    "Connection",
    "Expect",
    "Proxy-Authenticate",
    "TE",
  ])("a mapping to %s, though mappings have no effect", async (name) => {
    const requestParameters = { [`integration.request.header.${name}`]: "'x'" };
    const error = await failureOf({ requestParameters });
    expect(error).toMatchObject({ status: 500, errorType: "InternalServerErrorException" });
  });
});

test("a custom integration's payload that is no JSON is the client's fault", async () => {
  const invoke = compileLambdaCustom(integration);
  const invocation = { payload: "{", invocationType: undefined } as Parameters<typeof invoke>[0];
  await expect(invoke(invocation)).rejects.toMatchObject({ status: 400 });
});

test("a text's length is counted in UTF-8", () => {
  expect(isLonger("aaa", 3)).toBe(false);
  expect(isLonger("aaaa", 3)).toBe(true);
  expect(isLonger("é", 2)).toBe(false);
  expect(isLonger("é", 1)).toBe(true);
  expect(isLonger("日", 2)).toBe(true);
  expect(isLonger("🙀", 4)).toBe(false);
  expect(isLonger("🙀", 3)).toBe(true);
});
