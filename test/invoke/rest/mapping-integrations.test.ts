import { describe, expect, test } from "vitest";
import type { Integration } from "../../../src/definitions/rest-api.ts";
import { call, mock } from "./api.ts";

const answer = async (response: Response) => [response.status, await response.text()];
const json = { "Content-Type": "application/json" };

describe("a mock", () => {
  test("answers with the status that its template says, in JSON or nearly", async () => {
    const responses = { "200": { statusCode: "200" }, "404": { statusCode: "404", selectionPattern: "404" } };
    for (const template of [
      '{"statusCode": 404}',
      "{statusCode: 404}",
      "{'statusCode': 404,}",
      '{"statusCode": 404, "x": {"y": [1]}}',
    ]) {
      const integration: Integration = {
        ...(mock() as Integration),
        requestTemplates: { "application/json": template },
        integrationResponses: responses,
      };
      expect((await call({ integration })).status).toBe(404);
    }
  });

  test.each(["{}", "hello", '{"statusCode": "200"}', '{"statusCode": 2.5}', "[200]"])(
    "without a status, %s, is 500",
    async (template) => {
      const response = await call({
        integration: mock({}, { requestTemplates: { "application/json": template } }),
      });
      expect(await answer(response)).toEqual([500, '{"message": "Internal server error"}']);
    },
  );

  test("says the template's content type, or the one that is mapped", async () => {
    const xml = await call({ integration: mock({ responseTemplates: { "application/xml": "<a/>" } }) });
    expect([xml.headers.get("content-type"), await xml.text()]).toEqual(["application/xml", "<a/>"]);
    const mapped = await call({
      integration: mock({ responseParameters: { "method.response.header.Content-Type": "'text/csv'" } }),
    });
    expect(mapped.headers.get("content-type")).toBe("text/csv");
  });
});

describe("the request template is chosen by content type", () => {
  const templates = { "application/json": '{"statusCode": 200}', "application/xml": '{"statusCode": 400}' };
  const responses = {
    "200": { statusCode: "200" },
    "400": { statusCode: "400", selectionPattern: "400" },
  };
  const status = async (contentType: string | undefined, integration: Partial<Integration> = {}) => {
    const response = await call(
      {
        integration: {
          ...mock(),
          requestTemplates: templates,
          integrationResponses: responses,
          ...integration,
        } as Integration,
      },
      { body: '{"statusCode": 400}', headers: contentType ? { "Content-Type": contentType } : json },
    );
    return response.status;
  };

  test("exactly, whatever its parameters", async () => {
    expect(await status("application/json; charset=utf-8")).toBe(200);
    expect(await status("application/xml")).toBe(400);
  });

  // The guide's integration-passthrough-behaviors.
  test.each([
    ["WHEN_NO_MATCH", "text/plain", templates, 400],
    ["WHEN_NO_TEMPLATES", "text/plain", templates, 415],
    ["WHEN_NO_TEMPLATES", "text/plain", {}, 400],
    ["NEVER", "text/plain", templates, 415],
    ["NEVER", "text/plain", {}, 415],
    ["NEVER", "application/xml", templates, 400],
  ] as const)("%s and %s", async (passthroughBehavior, contentType, requestTemplates, expected) => {
    expect(await status(contentType, { passthroughBehavior, requestTemplates })).toBe(expected);
  });

  test("or it is $default", async () => {
    expect(await status("text/plain", { requestTemplates: { $default: '{"statusCode": 200}' } })).toBe(200);
  });

  test("415 is AWS's", async () => {
    const response = await call(
      { integration: mock({}, { passthroughBehavior: "NEVER" }) },
      { body: "x", headers: { "Content-Type": "text/plain" } },
    );
    expect(await answer(response)).toEqual([415, '{"message": "Unsupported Media Type"}']);
    expect(response.headers.get("x-amzn-errortype")).toBe("BadRequestException");
  });
});

describe("the response template is chosen by Accept", () => {
  const integration = mock({
    responseTemplates: { "application/xml": "<x/>", "application/json": "{}", "text/plain": "plain" },
  });

  test.each([
    ["text/plain", "plain"],
    ["text/plain;q=0.5, application/xml", "plain"],
    ["application/xml", "<x/>"],
    ["image/png", "{}"],
    ["*/*", "{}"],
  ])("%s", async (accept, body) => {
    expect(await (await call({ integration }, { headers: { Accept: accept } })).text()).toBe(body);
  });

  test("and is the first there is when there is no application/json", async () => {
    const only = mock({ responseTemplates: { "application/xml": "<x/>", "text/plain": "plain" } });
    expect(await (await call({ integration: only }, { headers: { Accept: "image/png" } })).text()).toBe(
      "<x/>",
    );
  });
});

describe("headers of the response", () => {
  const headersOf = async (responseParameters: Record<string, string>) =>
    (await call({ integration: mock({ responseParameters }), variables: { v: "from stage" } })).headers;

  test("come from literals, the context and stage variables", async () => {
    const headers = await headersOf({
      "method.response.header.X-Literal": "'it's so'",
      "method.response.header.X-Context": "context.httpMethod",
      "method.response.header.X-Variable": "stageVariables.v",
      "method.response.header.X-None": "context.nothing.here",
    });
    expect(headers.get("x-literal")).toBe("it's so");
    expect(headers.get("x-context")).toBe("POST");
    expect(headers.get("x-variable")).toBe("from stage");
    expect(headers.has("x-none")).toBe(false);
  });

  // Recorded: test_apigateway_header_remapping_http.
  test("are remapped where AWS keeps the name for itself", async () => {
    const headers = await headersOf({
      "method.response.header.Date": "'d'",
      "method.response.header.Connection": "'c'",
      "method.response.header.WWW-Authenticate": "'w'",
      "method.response.header.Transfer-Encoding": "'t'",
    });
    expect(headers.get("x-amzn-remapped-date")).toBe("d");
    expect(headers.get("x-amzn-remapped-connection")).toBe("c");
    expect(headers.get("x-amzn-remapped-www-authenticate")).toBe("w");
    expect(headers.has("transfer-encoding")).toBe(false);
  });
});

test("a template's overrides replace what was mapped", async () => {
  const response = await call({
    integration: mock({
      responseParameters: {
        "method.response.header.X-A": "'mapped'",
        "method.response.header.X-B": "'mapped'",
      },
      responseTemplates: {
        "application/json":
          '#set($context.responseOverride.status = 418)#set($context.responseOverride.header.x-a = "set")ok',
      },
    }),
  });
  expect([
    response.status,
    response.headers.get("x-a"),
    response.headers.get("x-b"),
    await response.text(),
  ]).toEqual([418, "set", "mapped", "ok"]);
});

test("a header that a template sets cannot end and begin another", async () => {
  const response = await call(
    {
      integration: mock({
        responseTemplates: {
          "application/json": "#set($context.responseOverride.header.X-A = $input.params('q'))ok",
        },
      }),
    },
    { query: "q=a%0d%0aX-B:1" },
  );
  expect(await answer(response)).toEqual([500, '{"message": "Internal server error"}']);
});

test.each([
  ["does not parse", "#if(true)"],
  ["fails", "#foreach($a in [1..9999999])#end"],
])("a template that %s is 500", async (_, template) => {
  const response = await call({ integration: mock({ responseTemplates: { "application/json": template } }) });
  expect(await answer(response)).toEqual([500, '{"message": "Internal server error"}']);
});

test("without an integration response there is nothing to answer with", async () => {
  const response = await call({ integration: { ...mock(), integrationResponses: {} } });
  expect(await answer(response)).toEqual([500, '{"message": "Internal server error"}']);
});

describe("what is required", () => {
  const validator = { id: "v1", name: "v", validateRequestBody: false, validateRequestParameters: true };
  const options = {
    integration: mock(),
    method: {
      requestValidatorId: "v1",
      requestParameters: {
        "method.request.querystring.q": true,
        "method.request.path.issuer": true,
        "method.request.header.x-h": true,
        "method.request.header.x-optional": false,
      },
    },
    snapshot: { requestValidators: [validator] },
  };

  // Recorded: test_api_gateway_request_validator.
  test("is listed, headers first, then the path, then the query", async () => {
    expect(await answer(await call(options))).toEqual([
      400,
      '{"message": "Missing required request parameters: [x-h, issuer, q]"}',
    ]);
  });

  test("is not asked for when the validator does not", async () => {
    const snapshot = { requestValidators: [{ ...validator, validateRequestParameters: false }] };
    expect((await call({ ...options, snapshot })).status).toBe(200);
  });

  test("passes when it is there", async () => {
    const response = await call(
      { ...options, pathParameters: { issuer: "i" } },
      { query: "q=1", headers: { "X-H": "1" } },
    );
    expect(response.status).toBe(200);
  });

  // api-gateway-method-request-validation: "included and not blank".
  test("is not there when it is blank", async () => {
    const response = await call(
      { ...options, pathParameters: { issuer: "i" } },
      { query: "q=", headers: { "X-H": " " } },
    );
    expect(await answer(response)).toEqual([
      400,
      '{"message": "Missing required request parameters: [x-h, q]"}',
    ]);
  });
});

describe("a body against its model", () => {
  const models = [
    {
      id: "m1",
      name: "Pet",
      contentType: "application/json",
      schema: '{"type":"object","properties":{"a":{"type":"number"}},"required":["a"]}',
    },
    {
      id: "m2",
      name: "Pets",
      contentType: "application/json",
      schema: '{"type":"array","items":{"$ref":"https://apigateway.amazonaws.com/restapis/api1/models/Pet"}}',
    },
  ];
  const send = (
    model: string,
    body: string | undefined,
    { contentType = "application/json", gatewayResponses = [] as never[] } = {},
  ) =>
    call(
      {
        integration: mock(),
        method: { requestValidatorId: "v1", requestModels: { [contentType]: model } },
        snapshot: {
          models,
          gatewayResponses,
          requestValidators: [
            { id: "v1", name: "v", validateRequestBody: true, validateRequestParameters: false },
          ],
        },
      },
      { headers: json, ...(body === undefined ? {} : { body }) },
    );

  test.each([
    ["Pet", '{"a": 1}'],
    ["Pets", '[{"a": 1}, {"a": 2, "b": 3}]'],
  ])("%s: %s passes", async (model, body) => {
    expect((await send(model, body)).status).toBe(200);
  });

  test.each([
    ["Pet", '{"a": "1"}'],
    ["Pet", "{}"],
    ["Pet", "no JSON"],
    ["Pet", undefined],
    ["Pets", '[{"a": 1}, {}]'],
    ["Pets", "{}"],
  ])("%s: %s is refused", async (model, body) => {
    expect(await answer(await send(model, body))).toEqual([400, '{"message": "Invalid request body"}']);
  });

  test("is checked for a content type that has a model, or when $default has one", async () => {
    expect((await send("Pet", "{}", { contentType: "application/xml" })).status).toBe(200);
    expect((await send("Pet", "{}", { contentType: "$default" })).status).toBe(400);
  });

  test("what is wrong with it is told by a gateway response that asks for it", async () => {
    const gatewayResponses = [
      {
        responseType: "BAD_REQUEST_BODY",
        responseTemplates: { "application/json": "$context.error.validationErrorString" },
      },
    ] as never[];
    expect(await answer(await send("Pet", "{}", { gatewayResponses }))).toEqual([
      400,
      '[object has missing required properties (["a"])]',
    ]);
  });
});

describe("a selection pattern", () => {
  const select = (selectionPattern: string) =>
    call({
      integration: {
        ...mock({}, { requestTemplates: { "application/json": '{"statusCode": 503}' } }),
        integrationResponses: {
          "200": { statusCode: "200" },
          "502": { statusCode: "502", selectionPattern },
        },
      },
    });

  test.each([
    ["5\\d{2}", 502],
    ["50[0-2]|503", 502],
    ["(?i)50.", 502],
    ["5", 200],
    ["((", 200],
  ])("/%s/ for 503: %i", async (pattern, status) => {
    expect((await select(pattern)).status).toBe(status);
  });
});

describe("what is not carried out yet is closed", () => {
  test.each([
    [
      "an authorizer's",
      { method: { authorizationType: "CUSTOM", authorizerId: "a" } },
      401,
      '{"message":"Unauthorized"}',
    ],
    ["a key's", { method: { apiKeyRequired: true } }, 403, '{"message":"Forbidden"}'],
    [
      "an API with a policy",
      { api: { policy: '{"Statement":[]}' } },
      403,
      '{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:000000000000:api1/dev/POST/things"}',
    ],
  ])("%s", async (_, options, status, body) => {
    expect(await answer(await call({ integration: mock(), ...options }))).toEqual([status, body]);
  });
});

describe("gateway responses", () => {
  const refused = (gatewayResponses: object[], init: RequestInit & { query?: string } = {}) =>
    call(
      {
        integration: mock(),
        method: { apiKeyRequired: true },
        snapshot: { gatewayResponses: gatewayResponses as never },
        variables: { v: "x" },
      },
      init,
    );

  test("of a type change status, headers and body", async () => {
    const response = await refused(
      [
        {
          responseType: "INVALID_API_KEY",
          statusCode: "499",
          responseParameters: {
            "gatewayresponse.header.X-Static": "'s'",
            "gatewayresponse.header.X-Query": "method.request.querystring.q",
            "gatewayresponse.header.X-Path": "context.path",
          },
          responseTemplates: {
            "application/json":
              '{"m": $context.error.messageString, "t": "$context.error.responseType", "v": "$stageVariables.v", "n": "$context.none"}',
          },
        },
      ],
      { query: "q=1" },
    );
    expect(response.status).toBe(499);
    expect(response.headers.get("x-static")).toBe("s");
    expect(response.headers.get("x-query")).toBe("1");
    expect(response.headers.get("x-path")).toBe("/dev/things");
    expect(response.headers.get("x-amzn-errortype")).toBe("ForbiddenException");
    expect(await response.json()).toEqual({ m: "Forbidden", t: "INVALID_API_KEY", v: "x", n: "" });
  });

  test("of DEFAULT_4XX count for every 4xx type that has none", async () => {
    const response = await refused([{ responseType: "DEFAULT_4XX", statusCode: "418" }]);
    expect(await answer(response)).toEqual([418, '{"message":"Forbidden"}']);
  });

  test("cannot be made to inject a header", async () => {
    const response = await refused(
      [
        {
          responseType: "INVALID_API_KEY",
          responseParameters: { "gatewayresponse.header.X-Query": "method.request.querystring.q" },
        },
      ],
      { query: "q=a%0d%0aX-B:1" },
    );
    expect([response.status, response.headers.has("x-query"), response.headers.has("x-b")]).toEqual([
      403,
      false,
      false,
    ]);
  });
});
