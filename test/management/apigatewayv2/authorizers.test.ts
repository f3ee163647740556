import { expect, test } from "vitest";
import { functionUri, webSocketApi } from "./websocket-api.ts";

const given = {
  Name: "auth",
  AuthorizerType: "REQUEST",
  AuthorizerUri: functionUri,
  IdentitySource: ["route.request.header.Auth"],
};

/** As TestAccAPIGatewayV2Authorizer_credentials has it. */
test("an authorizer's life", () => {
  const { call, refused } = webSocketApi();
  const AuthorizerCredentialsArn = "arn:aws:iam::123456789012:role/r";
  const authorizer = call("CreateAuthorizer", { ...given, AuthorizerCredentialsArn });
  const { AuthorizerId } = authorizer;
  expect(authorizer).toEqual({ ...given, AuthorizerCredentialsArn, AuthorizerId });
  expect(call("GetAuthorizer", { AuthorizerId })).toEqual(authorizer);
  expect(call("GetAuthorizers")).toEqual({ Items: [authorizer] });
  const IdentitySource = [
    "route.request.header.Auth",
    "route.request.querystring.Name",
    "route.request.multivalueheader.Origin",
  ];
  expect(
    call("UpdateAuthorizer", { AuthorizerId, Name: "new", AuthorizerCredentialsArn: "", IdentitySource }),
  ).toEqual({ ...given, AuthorizerId, Name: "new", IdentitySource });
  expect(call("UpdateAuthorizer", { AuthorizerId, IdentitySource: [] }).IdentitySource).toEqual([]);
  call("DeleteAuthorizer", { AuthorizerId });
  for (const operation of ["GetAuthorizer", "UpdateAuthorizer", "DeleteAuthorizer"]) {
    expect(refused(operation, { AuthorizerId })).toBe(
      `NotFoundException: Invalid Authorizer identifier specified ${AuthorizerId}`,
    );
  }
});

test.each([
  [
    { AuthorizerType: "JWT" },
    "Invalid authorizer type. Only REQUEST authorizer type is supported on WEBSOCKET protocol Apis.",
  ],
  [{ AuthorizerUri: undefined }, "AuthorizerUri is a required field in an Authorizer"],
  [
    { AuthorizerUri: "f" },
    "Invalid Authorizer URI: f. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.",
  ],
  [{ AuthorizerCredentialsArn: "r" }, "Invalid ARN specified in the request"],
  [
    { AuthorizerResultTtlInSeconds: 0 },
    "AuthorizerResultTtlInSeconds cannot be set for WEBSOCKET protocol Apis.",
  ],
  [{ EnableSimpleResponses: true }, "EnableSimpleResponses cannot be set for WEBSOCKET protocol Apis."],
  [{ Name: " " }, "Authorizer name cannot be blank"],
  [{ Name: "taken" }, "Authorizer name must be unique. Authorizer taken already exists in this RestApi."],
  [
    { IdentitySource: ["$request.header.Authorization"] },
    "Invalid request identity source expression: $request.header.Authorization. The sources must be separated by comma, and each source must be either a request parameter, matching 'route.request.querystring|header.[a-zA-Z0-9._-]+', or a stage variable, matching 'stageVariables.[a-zA-Z0-9._-]+', or a context parameter, matching 'context.[a-zA-Z0-9._-]+'",
  ],
])("%j is refused", (input, message) => {
  const { call, refused } = webSocketApi();
  call("CreateAuthorizer", { ...given, Name: "taken" });
  expect(refused("CreateAuthorizer", { ...given, ...input })).toBe(`BadRequestException: ${message}`);
});

test("a member that is false says nothing", () => {
  const { call } = webSocketApi();
  const authorizer = call("CreateAuthorizer", { ...given, EnableSimpleResponses: false });
  expect(authorizer).not.toHaveProperty("EnableSimpleResponses");
});

test("one that a route has is not deleted", () => {
  const { call, refused } = webSocketApi();
  const { AuthorizerId } = call("CreateAuthorizer", given);
  const { RouteId } = call("CreateRoute", {
    RouteKey: "$connect",
    AuthorizationType: "CUSTOM",
    AuthorizerId,
  });
  expect(refused("DeleteAuthorizer", { AuthorizerId })).toBe(
    "ConflictException: Cannot delete authorizer 'auth', is referenced in route: $connect",
  );
  call("UpdateRoute", { RouteId, AuthorizationType: "NONE" });
  call("DeleteAuthorizer", { AuthorizerId });
});
