import { describe, expect, test } from "vitest";
import { compileAwsUri } from "../../../src/invoke/integrations/aws-uri.ts";
import type { RestContext } from "../../../src/invoke/rest/context.ts";
import { awsEndpoint } from "../../../src/outbound/aws-endpoint.ts";
import { type Env, settingsOf } from "../../../src/settings.ts";

const context = (variables: Record<string, string> = {}) =>
  ({ stage: { variables } }) as unknown as RestContext;
const value = (text: string, isEncoded = true) => ({ value: text, isEncoded });

/** URL that the URI leads to. */
function urlOf(
  uri: string,
  {
    path = {},
    variables = {},
    env = {},
  }: {
    path?: Record<string, ReturnType<typeof value>>;
    variables?: Record<string, string>;
    env?: object;
  } = {},
) {
  const operation = compileAwsUri(uri)(new Map(Object.entries(path)), context(variables));
  const { path: target, query } = operation;
  return `${awsEndpoint(operation, settingsOf({ ...env } as Env))}${target}${query && `?${query}`}`;
}

describe("PutIntegration's forms of a URI", () => {
  test.each([
    [
      "us-west-2:s3:action/GetObject&Bucket=b&Key=k",
      "https://s3.us-west-2.amazonaws.com/?Action=GetObject&Bucket=b&Key=k",
    ],
    ["us-west-2:s3:path/b/k", "https://s3.us-west-2.amazonaws.com/b/k"],
    ["us-west-2:my.bucket.s3:path/k", "https://my.bucket.s3.us-west-2.amazonaws.com/k"],
    ["us-west-2:s3:path/b?list-type=2", "https://s3.us-west-2.amazonaws.com/b?list-type=2"],
    ["eu-west-1:abc-ats.iotdata:path//topics/t", "https://abc-ats.iot.eu-west-1.amazonaws.com/topics/t"],
    ["eu-west-1:iam:action/ListUsers", "https://iam.amazonaws.com/?Action=ListUsers"],
    [
      "us-east-1:states:action/StartExecution",
      "https://states.us-east-1.amazonaws.com/?Action=StartExecution",
    ],
    [
      "us-east-1:states:action/StartSyncExecution",
      "https://sync-states.us-east-1.amazonaws.com/?Action=StartSyncExecution",
    ],
    ["cn-north-1:sqs:path/1/q", "https://sqs.cn-north-1.amazonaws.com.cn/1/q"],
    ["us-east-1:runtime.sagemaker:path/x", "https://runtime.sagemaker.us-east-1.amazonaws.com/x"],
  ])("%s", (rest, url) => {
    expect(urlOf(`arn:aws:apigateway:${rest}`)).toBe(url);
  });

  test.each([
    "",
    "http://example.com/",
    "arn:aws:apigateway:us-east-1:s3:other/x",
    "arn:aws:apigateway::s3:path/x",
    "arn:aws:apigateway:us-east-1:evil.com/s3:path/x",
    "arn:aws:apigateway:us-east-1:evil@s3:path/x",
  ])("%j names no service", (uri) => {
    expect(() => urlOf(uri)).toThrow("Internal server error");
  });
});

describe("endpoints of the settings", () => {
  test("a service's own, with the name that SDKs give it, before the one for all", () => {
    const env = { AWS_ENDPOINT_URL: "http://all/", AWS_ENDPOINT_URL_SFN: "http://sfn:1/base/" };
    expect(urlOf("arn:aws:apigateway:us-east-1:states:action/StartExecution", { env })).toBe(
      "http://sfn:1/base/?Action=StartExecution",
    );
    expect(urlOf("arn:aws:apigateway:us-east-1:sqs:path/1/q", { env })).toBe("http://all/1/q");
  });

  test("a bucket becomes a segment of the path, another subdomain a part of the host", () => {
    const env = { AWS_ENDPOINT_URL: "http://local:1" };
    expect(urlOf("arn:aws:apigateway:us-east-1:b.s3:path/k", { env })).toBe("http://local:1/b/k");
    expect(urlOf("arn:aws:apigateway:us-east-1:x.appsync-api:path/graphql", { env })).toBe(
      "http://x.local:1/graphql",
    );
  });
});

describe("what is filled in", () => {
  test("stage variables in every place", () => {
    const uri = "arn:aws:apigateway:${stageVariables.r}:${stageVariables.b}.s3:path/${stageVariables.k}";
    expect(urlOf(uri, { variables: { r: "eu-west-1", b: "b", k: "k" } })).toBe(
      "https://b.s3.eu-west-1.amazonaws.com/k",
    );
    expect(() => urlOf(uri, { variables: { r: "eu-west-1", b: "evil.com/x", k: "k" } })).toThrow();
  });

  test("a client's text stays one value: in a path, and in a query string", () => {
    const path = { key: value("a&Bucket=other+%26"), plain: value("a/b?c&d", false) };
    expect(urlOf("arn:aws:apigateway:us-east-1:s3:path/b/{key}/{plain}", { path })).toBe(
      "https://s3.us-east-1.amazonaws.com/b/a&Bucket=other+%26/a%2Fb%3Fc%26d",
    );
    expect(urlOf("arn:aws:apigateway:us-east-1:s3:action/GetObject&Key={key}&P={plain}", { path })).toBe(
      "https://s3.us-east-1.amazonaws.com/?Action=GetObject&Key=a%26Bucket%3Dother%2B%26&P=a%2Fb%3Fc%26d",
    );
  });

  test("a client's text never names the service", () => {
    const path = { service: value("iam") };
    expect(() => urlOf("arn:aws:apigateway:us-east-1:{service}:path/x", { path })).toThrow();
  });

  test.each(["..", "%2e%2E", ".", "a%2F..%2Fb", "..%2f"])("%s would lead elsewhere", (key) => {
    const uri = "arn:aws:apigateway:us-east-1:s3:path/b/{key}";
    expect(() => urlOf(uri, { path: { key: value(key) } })).toThrow("Bad Request");
  });

  test.each(["...", "a..", "..a", ".well-known"])("%s does not", (key) => {
    const uri = "arn:aws:apigateway:us-east-1:s3:path/b/{key}";
    expect(urlOf(uri, { path: { key: value(key) } })).toBe(`https://s3.us-east-1.amazonaws.com/b/${key}`);
  });
});
