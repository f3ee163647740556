import { describe, expect, test } from "vitest";
import type { RestStageRecord } from "../../../src/definitions/published.ts";
import { account, replace } from "./calling.ts";

const authorizerUri =
  "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:myApiAuthorizer/invocations";
const token = { name: "auth", type: "TOKEN", authorizerUri, identitySource: "method.request.header.Auth" };
const pool = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_123412341";

function apiWith(input: object = token) {
  const all = account();
  const restApiId = all.createApi().id as string;
  const authorizer = all.call("CreateAuthorizer", { restApiId, ...input });
  const place = { restApiId, authorizerId: authorizer.id as string };
  const update = (...patchOperations: object[]) =>
    all.call("UpdateAuthorizer", { ...place, patchOperations });
  const refusedUpdate = (...patchOperations: object[]) =>
    all.refused("UpdateAuthorizer", { ...place, patchOperations });
  return { ...all, restApiId, authorizer, place, update, refusedUpdate };
}

describe("CreateAuthorizer", () => {
  // Recorded: test_apigateway_with_custom_authorization_method, without a TTL that was not given.
  test("shows what was given, and the type of authorization", () => {
    expect(apiWith().authorizer).toEqual({
      ...token,
      id: expect.stringMatching(/^[a-z0-9]{6}$/),
      authType: "custom",
    });
  });

  test("takes everything there is", () => {
    const input = {
      ...token,
      authType: "oauth2",
      authorizerCredentials: "arn:aws:iam::123456789012:role/apigAwsProxyRole",
      identityValidationExpression: "^x-[a-z]+",
      authorizerResultTtlInSeconds: 0,
    };
    expect(apiWith(input).authorizer).toMatchObject(input);
  });

  test("of user pools", () => {
    const { authorizer } = apiWith({
      name: "pool",
      type: "COGNITO_USER_POOLS",
      providerARNs: [pool],
      identitySource: "method.request.header.Auth",
    });
    expect(authorizer).toMatchObject({ authType: "cognito_user_pools", providerARNs: [pool] });
  });

  test("of a request, by several sources, or by none when results are not kept", () => {
    const identitySource =
      "method.request.header.Auth, method.request.querystring.Name,stageVariables.v,context.identity.sourceIp";
    expect(apiWith({ ...token, type: "REQUEST", identitySource }).authorizer).toMatchObject({
      identitySource,
    });
    const uncached = { ...token, type: "REQUEST", identitySource: "", authorizerResultTtlInSeconds: 0 };
    expect(apiWith(uncached).authorizer).not.toHaveProperty("identitySource");
  });

  // Recorded: the function's URI in test_apigateway_with_custom_authorization_method has blanks in it.
  test.each([
    authorizerUri.replace("path/", "path/             "),
    authorizerUri.replace("myApiAuthorizer", "${stageVariables.authorizer}"),
    authorizerUri.replace("myApiAuthorizer", "f:live"),
    authorizerUri.replaceAll("arn:aws:", "arn:aws-cn:").replaceAll("us-east-1", "cn-north-1"),
  ])("takes the URI %s", (uri) => {
    expect(apiWith({ ...token, authorizerUri: uri }).authorizer).toMatchObject({ authorizerUri: uri });
  });

  const badUri = (uri: string | null) =>
    `Invalid Authorizer URI: ${uri}. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.`;
  const mapping = (text: string) =>
    `Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: ${text}]`;

  test.each([
    [{ name: " " }, "Authorizer name cannot be blank"],
    [{ authorizerUri: undefined }, badUri(null)],
    [
      { authorizerUri: "arn:aws:lambda:us-east-1:123456789012:function:f" },
      badUri("arn:aws:lambda:us-east-1:123456789012:function:f"),
    ],
    // As users report it.
    [
      { authorizerUri: authorizerUri.replace("us-east-1", "region") },
      badUri(authorizerUri.replace("us-east-1", "region")),
    ],
    [{ authorizerCredentials: "role" }, "Invalid ARN specified in the request"],
    [{ identitySource: undefined }, "IdentitySource cannot be empty"],
    [{ identitySource: "Auth" }, mapping("Auth")],
    [{ identitySource: "method.request.querystring.Auth" }, mapping("method.request.querystring.Auth")],
    [
      { identitySource: "method.request.header.A,method.request.header.B" },
      mapping("method.request.header.A,method.request.header.B"),
    ],
    [
      { type: "REQUEST", identitySource: "method.request.path.id" },
      "Invalid request identity source expression: method.request.path.id. The sources must be separated by comma, and each source must be either a method request parameter, matching 'method.request.querystring|header.[a-zA-Z0-9._-]+', or a stage variable, matching 'stageVariables.[a-zA-Z0-9._-]+', or a context parameter, matching 'context.[a-zA-Z0-9._-]+'",
    ],
    [
      { type: "REQUEST", identitySource: "" },
      "Identity source must be set if authorizer caching is enabled (TTL is greater than 0)",
    ],
    [{ identityValidationExpression: "(" }, "Invalid identity validation expression specified: ("],
    [
      { authorizerResultTtlInSeconds: 3601 },
      "Authorizer result TTL outside allowable range. TTL must be between 0 and 3600 seconds.",
    ],
    [
      { authorizerResultTtlInSeconds: -1 },
      "Authorizer result TTL outside allowable range. TTL must be between 0 and 3600 seconds.",
    ],
    [{ type: "COGNITO_USER_POOLS" }, "ProviderARNs cannot be empty"],
    [{ type: "COGNITO_USER_POOLS", providerARNs: ["x"] }, "Invalid ARN specified in the request"],
  ])("refuses %j", (input, message) => {
    const { refused, createApi } = account();
    const given = { restApiId: createApi().id, ...token, ...input };
    expect(refused("CreateAuthorizer", given)).toBe(`BadRequestException: ${message}`);
  });

  // Recorded: test_authorizer_crud_no_api.
  test("at no API conflicts, and only after the rest was looked at", () => {
    const { refused } = account();
    expect(refused("CreateAuthorizer", { restApiId: "none", ...token })).toBe(
      "ConflictException: Unable to complete operation due to concurrent modification. Please try again later.",
    );
    expect(refused("CreateAuthorizer", { restApiId: "none", ...token, authorizerUri: "" })).toMatch(
      /^BadRequestException/,
    );
  });

  test("refuses a name that is taken", () => {
    const { refused, restApiId } = apiWith();
    expect(refused("CreateAuthorizer", { restApiId, ...token })).toBe(
      "BadRequestException: Authorizer name must be unique. Authorizer auth already exists in this RestApi.",
    );
  });
});

describe("GetAuthorizer and GetAuthorizers", () => {
  test("show what there is, in pages", () => {
    const { call, place, restApiId, authorizer } = apiWith();
    const second = call("CreateAuthorizer", { restApiId, ...token, name: "second" });
    expect(call("GetAuthorizer", place)).toEqual(authorizer);
    expect(call("GetAuthorizers", { restApiId }).items).toEqual([authorizer, second]);
    const { items, position } = call("GetAuthorizers", { restApiId, limit: 1 });
    expect(items).toEqual([authorizer]);
    expect(call("GetAuthorizers", { restApiId, position }).items).toEqual([second]);
  });

  test("tell what there is not", () => {
    const { refused, restApiId, place } = apiWith();
    const notFound = "NotFoundException: Invalid Authorizer identifier specified";
    expect(refused("GetAuthorizer", { ...place, authorizerId: "none" })).toBe(notFound);
    expect(refused("GetAuthorizer", { ...place, restApiId: "none" })).toBe(notFound);
    expect(refused("DeleteAuthorizer", { restApiId, authorizerId: "none" })).toBe(notFound);
    expect(refused("GetAuthorizers", { restApiId: "none" })).toBe(
      "NotFoundException: Invalid API identifier specified 123456789012:none",
    );
  });
});

describe("UpdateAuthorizer", () => {
  test("replaces every member", () => {
    const values = {
      name: "other",
      authType: "oauth2",
      authorizerUri: authorizerUri.replace("myApiAuthorizer", "f"),
      authorizerCredentials: "arn:aws:iam::123456789012:role/r",
      identitySource: "method.request.header.Other",
      identityValidationExpression: "[a-z]+",
    };
    const { call, update, place, authorizer } = apiWith();
    const updated = update(
      ...Object.entries(values).map(([name, value]) => replace(`/${name}`, value)),
      replace("/authorizerResultTtlInSeconds", "60"),
    );
    expect(updated).toEqual({ ...authorizer, ...values, authorizerResultTtlInSeconds: 60 });
    expect(call("GetAuthorizer", place)).toEqual(updated);
  });

  test("removes what is replaced by nothing", () => {
    const { update } = apiWith({ ...token, identityValidationExpression: "x" });
    expect(update(replace("/identityValidationExpression", ""))).not.toHaveProperty(
      "identityValidationExpression",
    );
  });

  test("changes the type when all that it needs comes with it", () => {
    const { update, refusedUpdate } = apiWith();
    expect(refusedUpdate(replace("/type", "COGNITO_USER_POOLS"))).toBe(
      "BadRequestException: ProviderARNs cannot be empty",
    );
    const second = pool.replace("123412341", "2");
    expect(
      update(
        replace("/type", "COGNITO_USER_POOLS"),
        { op: "add", path: "/providerARNs", value: pool },
        { op: "add", path: "/providerARNs", value: second },
        { op: "add", path: "/providerARNs", value: second },
      ).providerARNs,
    ).toEqual([pool, second]);
    expect(update({ op: "remove", path: "/providerARNs", value: pool }).providerARNs).toEqual([second]);
  });

  const paths =
    "/name, /type, /authType, /authorizerUri, /authorizerCredentials, /identitySource, /identityValidationExpression, /authorizerResultTtlInSeconds";

  test.each([
    [replace("/id", "x"), `Invalid patch path  '/id' specified for op 'replace'. Must be one of: [${paths}]`],
    [
      { op: "add", path: "/name", value: "x" },
      "Invalid patch path  '/name' specified for op 'add'. Must be one of: [/providerARNs]",
    ],
    [replace("/name", ""), "Authorizer name cannot be blank"],
    [
      replace("/type", "JWT"),
      "Invalid authorizer type specified. Valid options are TOKEN,REQUEST,COGNITO_USER_POOLS",
    ],
    [replace("/authorizerResultTtlInSeconds", "soon"), "Invalid authorizer result TTL specified"],
    [
      replace("/authorizerResultTtlInSeconds", "4000"),
      "Authorizer result TTL outside allowable range. TTL must be between 0 and 3600 seconds.",
    ],
  ])("refuses %j", (operation, message) => {
    expect(apiWith().refusedUpdate(operation)).toBe(`BadRequestException: ${message}`);
  });

  test("keeps names apart, though not from itself", () => {
    const { call, restApiId, update, refusedUpdate } = apiWith();
    call("CreateAuthorizer", { restApiId, ...token, name: "second" });
    expect(update(replace("/name", "auth")).name).toBe("auth");
    expect(refusedUpdate(replace("/name", "second"))).toMatch(/must be unique/);
  });
});

describe("an authorizer and what names it", () => {
  test("a method of type CUSTOM needs it, and keeps it from being deleted", () => {
    const { call, refused, restApiId, place } = apiWith();
    const { rootResourceId: resourceId } = call("GetRestApi", { restApiId });
    const method = { restApiId, resourceId, httpMethod: "GET", authorizationType: "CUSTOM" };
    expect(refused("PutMethod", { ...method, authorizerId: "none" })).toMatch(
      /^BadRequestException: Invalid authorizer ID/,
    );
    call("PutMethod", { ...method, authorizerId: place.authorizerId });
    // As users report it.
    expect(refused("DeleteAuthorizer", place)).toBe(
      "ConflictException: Cannot delete authorizer 'auth', is referenced in method: GET//",
    );
    call("DeleteMethod", method);
    call("DeleteAuthorizer", place);
    expect(call("GetAuthorizers", { restApiId }).items).toEqual([]);
  });

  test("a deployment takes it along", () => {
    const { call, restApiId, authorizer, putMock, published } = apiWith();
    putMock(restApiId, call("GetRestApi", { restApiId }).rootResourceId);
    const { id } = call("CreateDeployment", { restApiId });
    expect(published.get(`snapshot/${restApiId}/${id}`).authorizers).toEqual([authorizer]);
  });

  test("an imported one is looked at as one that is created", () => {
    const { refused } = account();
    const body = JSON.stringify({
      swagger: "2.0",
      info: { title: "t", version: "1" },
      securityDefinitions: {
        guard: {
          type: "apiKey",
          name: "A",
          in: "header",
          "x-amazon-apigateway-authorizer": { type: "token", authorizerUri: "u" },
        },
      },
      paths: {},
    });
    expect(refused("ImportRestApi", { body: Buffer.from(body) })).toBe(
      "BadRequestException: Errors found during import:\n\tUnable to create authorizer 'guard': Invalid Authorizer URI: u. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.",
    );
  });
});

describe("FlushStageAuthorizersCache", () => {
  test("each flush is another number for the data plane", () => {
    const { call, createDeployable, published } = account();
    const restApiId = createDeployable().id;
    call("CreateDeployment", { restApiId, stageName: "dev" });
    const flushes = () =>
      (published.get(`stage/${restApiId}/dev`) as RestStageRecord).stage.authorizerCacheFlushes;
    expect(flushes()).toBeUndefined();
    call("FlushStageAuthorizersCache", { restApiId, stageName: "dev" });
    call("FlushStageAuthorizersCache", { restApiId, stageName: "dev" });
    expect(flushes()).toBe(2);
    call("UpdateStage", { restApiId, stageName: "dev", patchOperations: [replace("/description", "x")] });
    expect(flushes()).toBe(2);
  });

  test("needs a stage", () => {
    const { refused, createApi } = account();
    expect(refused("FlushStageAuthorizersCache", { restApiId: createApi().id, stageName: "none" })).toBe(
      "NotFoundException: Invalid Stage identifier specified",
    );
  });
});
