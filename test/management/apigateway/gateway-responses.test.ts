import { beforeEach, describe, expect, test } from "vitest";
import { account, replace } from "./calling.ts";

let { call, refused, createApi } = account();
let restApiId = "";

beforeEach(() => {
  ({ call, refused, createApi } = account());
  restApiId = createApi().id;
});

const template = { "application/json": '{"message":$context.error.messageString}' };
const get = (responseType: string) => call("GetGatewayResponse", { restApiId, responseType });
const put = (responseType: string, input: object = {}) =>
  call("PutGatewayResponse", { restApiId, responseType, ...input });
const update = (responseType: string, ...patchOperations: object[]) =>
  call("UpdateGatewayResponse", { restApiId, responseType, patchOperations });
const refusedUpdate = (...patchOperations: object[]) =>
  refused("UpdateGatewayResponse", { restApiId, responseType: "DEFAULT_4XX", patchOperations });

const missingToken = {
  responseType: "MISSING_AUTHENTICATION_TOKEN",
  statusCode: "403",
  responseParameters: {},
  responseTemplates: template,
  defaultResponse: true,
};

test("every API has every type, with its default", () => {
  const { items } = call("GetGatewayResponses", { restApiId });
  expect(items).toHaveLength(21);
  expect(items).toContainEqual(missingToken);
  expect(items).toContainEqual({
    responseType: "DEFAULT_4XX",
    responseParameters: {},
    responseTemplates: template,
    defaultResponse: true,
  });
  expect(get("INTEGRATION_FAILURE").statusCode).toBe("504");
});

describe("a type that is put", () => {
  const responseParameters = {
    "gatewayresponse.header.Access-Control-Allow-Origin": "'a.b.c'",
    "gatewayresponse.header.x-request-path": "method.request.path.petId",
  };

  test("is the API's own, until it is deleted", () => {
    const own = {
      ...missingToken,
      statusCode: "404",
      responseParameters,
      responseTemplates: { "application/xml": "<m/>" },
      defaultResponse: false,
    };
    expect(
      put("MISSING_AUTHENTICATION_TOKEN", {
        statusCode: "404",
        responseParameters,
        responseTemplates: { "application/xml": "<m/>" },
      }),
    ).toEqual(own);
    expect(get("MISSING_AUTHENTICATION_TOKEN")).toEqual(own);
    call("DeleteGatewayResponse", { restApiId, responseType: "MISSING_AUTHENTICATION_TOKEN" });
    expect(get("MISSING_AUTHENTICATION_TOKEN")).toEqual(missingToken);
    expect(
      refused("DeleteGatewayResponse", { restApiId, responseType: "MISSING_AUTHENTICATION_TOKEN" }),
    ).toBe("NotFoundException: Gateway response type not defined on api");
  });

  test("is reset in all that is not given", () => {
    put("MISSING_AUTHENTICATION_TOKEN", { statusCode: "404", responseParameters });
    expect(put("MISSING_AUTHENTICATION_TOKEN", { responseParameters })).toEqual({
      ...missingToken,
      responseParameters,
      defaultResponse: false,
    });
    expect(put("MISSING_AUTHENTICATION_TOKEN", { statusCode: "404" })).toEqual({
      ...missingToken,
      statusCode: "404",
      defaultResponse: false,
    });
  });

  test("is not touched by the default of its class, which shows through in the others", () => {
    put("DEFAULT_5XX", { statusCode: "599", responseParameters });
    expect(get("API_CONFIGURATION_ERROR")).toEqual({
      responseType: "API_CONFIGURATION_ERROR",
      statusCode: "599",
      responseParameters,
      responseTemplates: template,
      defaultResponse: true,
    });
    expect(
      put("AUTHORIZER_FAILURE", { responseParameters: { "gatewayresponse.header.foo": "'bar'" } }),
    ).toMatchObject({ statusCode: "500" });
    expect(get("BAD_REQUEST_BODY").statusCode).toBe("400");
  });

  test.each([
    [{ "header.foo": "'bar'" }, "header.foo"],
    [{ "gatewayresponse.header.foo": "bar" }, "bar"],
  ])("with the parameters %j is refused", (parameters, fault) => {
    expect(
      refused("PutGatewayResponse", { restApiId, responseType: "THROTTLED", responseParameters: parameters }),
    ).toBe(
      `BadRequestException: Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: ${fault}]`,
    );
  });
});

describe("a patch", () => {
  test("makes a type the API's own", () => {
    expect(update("DEFAULT_4XX", replace("/statusCode", "444"))).toEqual({
      responseType: "DEFAULT_4XX",
      statusCode: "444",
      responseParameters: {},
      responseTemplates: template,
      defaultResponse: false,
    });
    expect(
      update(
        "DEFAULT_4XX",
        { op: "add", path: "/responseTemplates/application~1xml", value: "<m/>" },
        { op: "add", path: "/responseParameters/gatewayresponse.header.X", value: "'x'" },
        replace("/responseParameters/gatewayresponse.header.X", "'y'"),
      ),
    ).toMatchObject({
      responseTemplates: { ...template, "application/xml": "<m/>" },
      responseParameters: { "gatewayresponse.header.X": "'y'" },
    });
  });

  test.each([
    [{ op: "add", path: "/statusCode", value: "444" }, "BadRequestException: Invalid patch path /statusCode"],
    [{ op: "remove", path: "/statusCode" }, "BadRequestException: Invalid patch path /statusCode"],
    [
      replace("/responseParameters/gatewayresponse.header.X", "'x'"),
      "NotFoundException: Invalid parameter name specified",
    ],
    [{ op: "add", value: "x" }, "BadRequestException: Invalid patch path null"],
    [{ op: "add", path: "/wrongPath", value: "x" }, "BadRequestException: Invalid patch path /wrongPath"],
    [
      replace("/responseTemplates/application~1json"),
      "BadRequestException: Invalid null or empty value in responseTemplates",
    ],
    [
      { op: "add", path: "/responseParameters/gatewayresponse.header.X" },
      "BadRequestException: Invalid null or empty value in responseParameters",
    ],
  ])("%j is refused", (operation, refusal) => {
    expect(refusedUpdate(operation)).toBe(refusal);
  });
});

test("without the API there is none", () => {
  expect(refused("GetGatewayResponses", { restApiId: "none" })).toBe(
    "NotFoundException: Invalid API identifier specified 123456789012:none",
  );
});
