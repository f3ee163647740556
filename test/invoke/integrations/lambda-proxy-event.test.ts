import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type LambdaProxyRequest,
  lambdaProxyEvent,
  requestTime,
} from "../../../src/invoke/integrations/lambda-proxy-event.ts";
import { parseQueryString } from "../../../src/invoke/query-string.ts";

const request: LambdaProxyRequest = {
  resource: "/{proxy+}",
  path: "/proxy-value",
  httpMethod: "GET",
  headers: new Headers({ accept: "*/*", "user-agent": "test/1", host: "a.example", "test-header": "aValUE" }),
  gatewayHeaders: [
    ["x-amzn-trace-id", "Root=1-5e66d96f-7491f09fa79d18acf3d05000"],
    ["x-forwarded-for", "192.0.2.1"],
    ["x-forwarded-port", "443"],
    ["x-forwarded-proto", "https"],
  ],
  query: new Map(),
  pathParameters: { proxy: "proxy-value" },
  stageVariables: "null",
  requestContext: {
    resourceId: "abc123",
    resourcePath: "/{proxy+}",
    httpMethod: "GET",
    extendedRequestId: "JJbxmplHYosFVYQ=",
    requestTime: "04/Mar/2020:19:15:17 +0000",
    path: "/stage/proxy-value",
    accountId: "000000000000",
    protocol: "HTTP/1.1",
    stage: "stage",
    domainPrefix: "a1b2c3d4e5",
    requestTimeEpoch: 1583349317135,
    requestId: "77375676-7f1f-4b79-853a-f982474efe18",
    identity: {
      cognitoIdentityPoolId: null,
      accountId: null,
      cognitoIdentityId: null,
      caller: null,
      sourceIp: "192.0.2.1",
      principalOrgId: null,
      accessKey: null,
      cognitoAuthenticationType: null,
      cognitoAuthenticationProvider: null,
      userArn: null,
      userAgent: "test/1",
      user: null,
    },
    domainName: "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
    deploymentId: "d1e2f3",
    apiId: "a1b2c3d4e5",
  },
  body: null,
  isBase64Encoded: false,
};

const event = (changes: Partial<LambdaProxyRequest> = {}) =>
  JSON.parse(lambdaProxyEvent({ ...request, ...changes }));

test("the whole event of a GET without query", () => {
  // Recorded: test_lambda_aws_proxy_integration, "invocation-payload-without-trailing-slash".
  expect(event()).toEqual({
    resource: "/{proxy+}",
    path: "/proxy-value",
    httpMethod: "GET",
    headers: {
      Accept: "*/*",
      Host: "a.example",
      "Test-Header": "aValUE",
      "User-Agent": "test/1",
      "X-Amzn-Trace-Id": "Root=1-5e66d96f-7491f09fa79d18acf3d05000",
      "X-Forwarded-For": "192.0.2.1",
      "X-Forwarded-Port": "443",
      "X-Forwarded-Proto": "https",
    },
    multiValueHeaders: {
      Accept: ["*/*"],
      Host: ["a.example"],
      "Test-Header": ["aValUE"],
      "User-Agent": ["test/1"],
      "X-Amzn-Trace-Id": ["Root=1-5e66d96f-7491f09fa79d18acf3d05000"],
      "X-Forwarded-For": ["192.0.2.1"],
      "X-Forwarded-Port": ["443"],
      "X-Forwarded-Proto": ["https"],
    },
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: { proxy: "proxy-value" },
    stageVariables: null,
    requestContext: request.requestContext,
    body: null,
    isBase64Encoded: false,
  });
});

test("members are in the order of AWS's events", () => {
  expect(Object.keys(event())).toEqual([
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
    "body",
    "isBase64Encoded",
  ]);
});

describe("headers", () => {
  test("are in alphabetical order, the gateway's own among them", () => {
    const { headers } = event({ headers: new Headers({ "x-zebra": "1", "x-b3-traceid": "2", accept: "3" }) });
    expect(Object.keys(headers)).toEqual([
      "Accept",
      "X-Amzn-Trace-Id",
      "X-B3-Traceid",
      "X-Forwarded-For",
      "X-Forwarded-Port",
      "X-Forwarded-Proto",
      "X-Zebra",
    ]);
  });

  test("of the gateway's own replace the client's", () => {
    const { multiValueHeaders } = event({ headers: new Headers({ "x-forwarded-proto": "gopher" }) });
    expect(multiValueHeaders["X-Forwarded-Proto"]).toEqual(["https"]);
  });

  test("that stop at the gateway are not passed on", () => {
    const { headers } = event({
      headers: new Headers([
        ["content-md5", "x"],
        ["max-forwards", "2"],
        ["te", "deflate"],
        ["content-length", "0"],
      ]),
      gatewayHeaders: [],
    });
    expect(headers).toEqual({});
  });

  test("Authorization is passed on unless it is a signature", () => {
    const authorization = (value: string) =>
      event({ headers: new Headers({ authorization: value }) }).headers.Authorization;
    expect(authorization("Bearer token123;API key456")).toBe("Bearer token123;API key456");
    expect(
      authorization("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request"),
    ).toBeUndefined();
  });
});

describe("query", () => {
  test("the last value of a name is the single one", () => {
    // Recorded: "invocation-payload-with-params-encoding-multi".
    const { queryStringParameters, multiValueQueryStringParameters } = event({
      query: parseQueryString("category=electronics&category=books&price=10&price=20&price=30"),
    });
    expect(queryStringParameters).toEqual({ category: "books", price: "30" });
    expect(multiValueQueryStringParameters).toEqual({
      category: ["electronics", "books"],
      price: ["10", "20", "30"],
    });
  });

  test("__proto__ is a name like others", () => {
    const text = lambdaProxyEvent({ ...request, query: parseQueryString("__proto__=1") });
    expect(text).toContain('"queryStringParameters":{"__proto__":"1"}');
  });
});

test("without path parameters they are null", () => {
  // Recorded: "invocation-hardcoded".
  expect(event({ pathParameters: undefined }).pathParameters).toBeNull();
  expect(event({ pathParameters: {} }).pathParameters).toBeNull();
});

test("an empty body is null", () => {
  expect(event({ body: "" }).body).toBeNull();
});

test("a body is text, or base64 that says so", () => {
  expect(event({ body: '{"a":1}' })).toMatchObject({ body: '{"a":1}', isBase64Encoded: false });
  expect(event({ body: "iVBORw==", isBase64Encoded: true })).toMatchObject({
    body: "iVBORw==",
    isBase64Encoded: true,
  });
});

test("requestTime is in the Common Log Format", () => {
  expect(requestTime(1583349317135)).toBe("04/Mar/2020:19:15:17 +0000");
  expect(requestTime(Date.UTC(2026, 10, 5, 4, 3, 2))).toBe("05/Nov/2026:04:03:02 +0000");
});

test("the event is JSON whatever the client sends", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 20 });
  fc.assert(
    fc.property(
      text,
      text,
      text,
      fc.dictionary(text, text, { maxKeys: 5 }),
      (path, name, value, parameters) => {
        const read = event({
          path,
          query: new Map([[name, [value]]]),
          body: value,
          pathParameters: parameters,
        });
        expect(read.path).toBe(path);
        expect(Object.entries(read.multiValueQueryStringParameters)).toEqual([[name, [value]]]);
        expect(read.body).toBe(value === "" ? null : value);
      },
    ),
  );
});
