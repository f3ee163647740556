import { describe, expect, test } from "vitest";
import { functionUri, webSocketApi } from "./websocket-api.ts";

test("what is not given has AWS's defaults", () => {
  const { call } = webSocketApi();
  const route = call("CreateRoute", { RouteKey: "$default" });
  expect(route).toEqual({
    ApiKeyRequired: false,
    AuthorizationType: "NONE",
    RouteId: expect.stringMatching(/^[a-z0-9]{7}$/),
    RouteKey: "$default",
  });
  expect(call("GetRoute", { RouteId: route.RouteId })).toEqual(route);
  expect(call("GetRoutes")).toEqual({ Items: [route] });
});

/** As TestAccAPIGatewayV2Route_simpleAttributes has it. */
test("an update replaces what it gives, and an empty text takes away", () => {
  const { call } = webSocketApi();
  const { RouteId } = call("CreateRoute", { RouteKey: "$default" });
  const attributes = {
    ApiKeyRequired: true,
    OperationName: "GET",
    RouteResponseSelectionExpression: "$default",
  };
  expect(call("UpdateRoute", { RouteId, ...attributes })).toMatchObject(attributes);
  expect(
    call("UpdateRoute", {
      RouteId,
      ApiKeyRequired: false,
      OperationName: "",
      RouteResponseSelectionExpression: "",
    }),
  ).toEqual({ ApiKeyRequired: false, AuthorizationType: "NONE", RouteId, RouteKey: "$default" });
});

/** As TestAccAPIGatewayV2Route_requestParameters has it. */
test("request parameters are joined; an operation of their own takes one away", () => {
  const { call, refused } = webSocketApi();
  const { RouteId } = call("CreateRoute", {
    RouteKey: "$connect",
    RequestParameters: { "route.request.header.authorization": { Required: true } },
  });
  const updated = call("UpdateRoute", {
    RouteId,
    RequestParameters: {
      "route.request.header.authorization": {},
      "route.request.querystring.authToken": { Required: true },
    },
  });
  expect(updated.RequestParameters).toEqual({
    "route.request.header.authorization": { Required: false },
    "route.request.querystring.authToken": { Required: true },
  });
  const named = { RouteId, RequestParameterKey: "route.request.header.authorization" };
  call("DeleteRouteRequestParameter", named);
  expect(call("GetRoute", { RouteId }).RequestParameters).toEqual({
    "route.request.querystring.authToken": { Required: true },
  });
  expect(refused("DeleteRouteRequestParameter", named)).toBe(
    "NotFoundException: Invalid parameter name specified",
  );
  expect(refused("DeleteRouteRequestParameter", { RouteId, RequestParameterKey: "constructor" })).toContain(
    "NotFoundException",
  );
});

describe("a route key", () => {
  test.each(["$connect", "$disconnect", "$default", "join", "a b/c", "__proto__"])("%s", (RouteKey) => {
    const { call } = webSocketApi();
    expect(call("CreateRoute", { RouteKey }).RouteKey).toBe(RouteKey);
  });

  test.each(["$getauthorized", "$", "", " "])("%j is none", (RouteKey) => {
    const { refused } = webSocketApi();
    expect(refused("CreateRoute", { RouteKey })).toBe(
      "BadRequestException: The provided route key is not formatted properly",
    );
  });

  test("is one route's, also when it changes", () => {
    const { call, refused } = webSocketApi();
    const { RouteId } = call("CreateRoute", { RouteKey: "a" });
    call("CreateRoute", { RouteKey: "b" });
    const text = "ConflictException: Route with key b already exists for this API";
    expect(refused("CreateRoute", { RouteKey: "b" })).toBe(text);
    expect(refused("UpdateRoute", { RouteId, RouteKey: "b" })).toBe(text);
    expect(call("UpdateRoute", { RouteId, RouteKey: "a" }).RouteKey).toBe("a");
  });
});

describe("authorization", () => {
  const authorized = () => {
    const api = webSocketApi();
    const { AuthorizerId } = api.call("CreateAuthorizer", {
      Name: "a",
      AuthorizerType: "REQUEST",
      AuthorizerUri: functionUri,
      IdentitySource: [],
    });
    return { ...api, AuthorizerId: AuthorizerId as string };
  };

  test("goes from an authorizer to IAM and to none", () => {
    const { call, AuthorizerId } = authorized();
    const custom = { AuthorizationType: "CUSTOM", AuthorizerId };
    const { RouteId, ...route } = call("CreateRoute", { RouteKey: "$connect", ...custom });
    expect(route).toMatchObject(custom);
    const iam = call("UpdateRoute", { RouteId, AuthorizationType: "AWS_IAM", AuthorizerId: "" });
    expect(iam.AuthorizationType).toBe("AWS_IAM");
    expect(iam).not.toHaveProperty("AuthorizerId");
    expect(call("UpdateRoute", { RouteId, AuthorizationType: "NONE" }).AuthorizationType).toBe("NONE");
  });

  test("an authorizer counts only where the type says so", () => {
    const { call, AuthorizerId } = authorized();
    expect(call("CreateRoute", { RouteKey: "a", AuthorizerId })).not.toHaveProperty("AuthorizerId");
  });

  test.each(["AWS_IAM", "CUSTOM"])("%s is $connect's alone", (AuthorizationType) => {
    const { refused, AuthorizerId } = authorized();
    expect(refused("CreateRoute", { RouteKey: "$default", AuthorizationType, AuthorizerId })).toBe(
      "BadRequestException: Currently, authorization is restricted to the $connect route only",
    );
  });

  test.each([
    [
      { AuthorizationType: "CUSTOM" },
      "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.",
    ],
    [
      { AuthorizationType: "CUSTOM", AuthorizerId: "nothing" },
      "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.",
    ],
    [{ AuthorizationType: "JWT" }, "Setting the authorization type to JWT requires a valid JWT authorizer."],
    [
      { AuthorizationScopes: ["a"] },
      "Authorization Scopes are only valid for COGNITO_USER_POOLS and JWT authorization type",
    ],
  ])("%j is refused", (input, message) => {
    const { refused } = authorized();
    expect(refused("CreateRoute", { RouteKey: "$connect", ...input })).toBe(
      `BadRequestException: ${message}`,
    );
  });
});

test.each([
  [
    { Target: "nothing" },
    "Unexpected or malformed target in route null. Correct format should be integrations/<integration_id>.",
  ],
  [
    { Target: "integrations/a/b" },
    "Unexpected or malformed target in route null. Correct format should be integrations/<integration_id>.",
  ],
  [{ Target: "integrations/nothing" }, "Invalid Integration identifier specified nothing"],
  [{ RequestModels: { a: "Nothing" } }, "Invalid model identifier specified: Nothing"],
  [
    { ModelSelectionExpression: "$context.stage" },
    "Unexpected variable in selection expression: $context.stage",
  ],
  [
    { RouteResponseSelectionExpression: "$request.body.a" },
    "Currently, only $default is supported as a route response selection expression.",
  ],
  [
    { RequestParameters: { "route.request.querystring.a": {} } },
    "Request parameters are only supported for the $connect route in WEBSOCKET APIs",
  ],
  [
    { RouteKey: "$connect", RequestParameters: { "route.request.path.a": {} } },
    "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: route.request.path.a]",
  ],
  [
    { RouteKey: "$connect", RequestParameters: { "route.request.querystring.filter[a]": {} } },
    "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Parameter name should match the following regular expression: ^[a-zA-Z0-9:._$-]+$]",
  ],
  [{ ModelSelectionExpression: "${request.body.a[?(@.b]}" }, "Invalid modelSelectionExpression"],
  [{ OperationName: "x".repeat(65) }, "OperationName cannot have more than 64 characters"],
])("%j is refused", (input, message) => {
  const { call, refused } = webSocketApi();
  expect(refused("CreateRoute", { RouteKey: "a", ...input })).toBe(`BadRequestException: ${message}`);
  expect(call("GetRoutes").Items).toEqual([]);
});

test("there are 300 routes at most", () => {
  const { call, refused } = webSocketApi();
  for (let index = 0; index < 300; index++) call("CreateRoute", { RouteKey: `r${index}` });
  expect(refused("CreateRoute", { RouteKey: "one more" })).toBe(
    "TooManyRequestsException: Maximum number of Routes for this API has been reached.  Please contact AWS if you need additional Routes.",
  );
});

test("a route that is deleted is not there any more", () => {
  const { call, refused } = webSocketApi();
  const { RouteId } = call("CreateRoute", { RouteKey: "a" });
  call("DeleteRoute", { RouteId });
  for (const operation of ["GetRoute", "UpdateRoute", "DeleteRoute"]) {
    expect(refused(operation, { RouteId })).toBe(
      `NotFoundException: Invalid Route identifier specified ${RouteId}`,
    );
  }
});

describe("a route response", () => {
  const withRoute = () => {
    const api = webSocketApi();
    const { RouteId } = api.call("CreateRoute", { RouteKey: "a" });
    return { ...api, RouteId: RouteId as string };
  };

  test("lives with its route, which does not show it", () => {
    const { call, refused, RouteId } = withRoute();
    const created = call("CreateRouteResponse", { RouteId, RouteResponseKey: "$default" });
    const { RouteResponseId } = created;
    expect(created).toEqual({ RouteResponseId, RouteResponseKey: "$default" });
    expect(call("GetRouteResponse", { RouteId, RouteResponseId })).toEqual(created);
    expect(call("GetRouteResponses", { RouteId })).toEqual({ Items: [created] });
    expect(call("GetRoute", { RouteId })).not.toHaveProperty("RouteResponses");
    expect(refused("CreateRouteResponse", { RouteId, RouteResponseKey: "$default" })).toBe(
      "ConflictException: RouteResponse with key $default already exists for this Route",
    );
    call("DeleteRouteResponse", { RouteId, RouteResponseId });
    expect(refused("GetRouteResponse", { RouteId, RouteResponseId })).toBe(
      `NotFoundException: Invalid RouteResponse identifier specified ${RouteResponseId}`,
    );
  });

  test("is updated as a route is", () => {
    const { call, RouteId } = withRoute();
    call("CreateModel", { Name: "Answer", Schema: "{}" });
    const { RouteResponseId } = call("CreateRouteResponse", {
      RouteId,
      RouteResponseKey: "$default",
      ModelSelectionExpression: "default",
      ResponseModels: { default: "Answer" },
    });
    const changes = { ResponseModels: { other: "Answer" }, ResponseParameters: { p: { Required: true } } };
    expect(
      call("UpdateRouteResponse", { RouteId, RouteResponseId, ModelSelectionExpression: "", ...changes }),
    ).toEqual({
      RouteResponseId,
      RouteResponseKey: "$default",
      ResponseModels: { default: "Answer", other: "Answer" },
      ResponseParameters: { p: { Required: true } },
    });
  });

  test("has the one key that there is", () => {
    const { refused, RouteId } = withRoute();
    expect(refused("CreateRouteResponse", { RouteId, RouteResponseKey: "other" })).toBe(
      "BadRequestException: Currently, only $default is supported as a RouteResponseKey.",
    );
  });
});
