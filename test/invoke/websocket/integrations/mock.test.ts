import { describe, expect, test } from "vitest";
import { carryOut, opening, response, type Situation } from "./carry-out.ts";

type Given = Partial<Situation["integration"]>;

const mock = (given: Given, more: Partial<Situation> = {}) =>
  carryOut({ ...more, integration: { integrationType: "MOCK", ...given } });

const ok = '{"statusCode": 200}';

describe("the request template", () => {
  test("says the status", async () => {
    const requestTemplates = { $default: '{"statusCode": 403}' };
    expect(await mock({ requestTemplates })).toEqual({ statusCode: 403, body: "", headers: {} });
  });

  // The guide's apigateway-websocket-api-integration-requests: its mock has no expression.
  test("of application/json counts where nothing selects one", async () => {
    const requestTemplates = { "application/json": ok };
    expect(await mock({ requestTemplates })).toMatchObject({ statusCode: 200 });
    expect(await mock({ requestTemplates, templateSelectionExpression: "\\$default" })).toMatchObject({
      statusCode: 200,
    });
  });

  test("is selected by the message, or is $default", async () => {
    const given = {
      templateSelectionExpression: "${request.body.kind}",
      requestTemplates: { a: ok, b: '{"statusCode": 202}', $default: '{"statusCode": 404}' },
    };
    expect(await mock(given, { body: '{"kind":"b"}' })).toMatchObject({ statusCode: 202 });
    expect(await mock(given, { body: '{"kind":"c"}' })).toMatchObject({ statusCode: 404 });
    expect(await mock(given, { body: "no JSON" })).toMatchObject({ statusCode: 404 });
    const fixed = { ...given, templateSelectionExpression: "a" };
    expect(await mock(fixed, { body: '{"kind":"b"}' })).toMatchObject({ statusCode: 200 });
  });

  // The guide's websocket-api-step-functions-tutorial writes the key as the expression that selects it.
  test.each(["$default", "\\$default"])("is selected by \\$default under the key %s", async (key) => {
    const given = {
      templateSelectionExpression: "\\$default",
      requestTemplates: { [key]: '{"statusCode": 202}' },
    };
    expect(await mock(given, { body: ok })).toMatchObject({ statusCode: 202 });
  });

  test.each([
    ["WHEN_NO_MATCH", { a: ok }, 200],
    ["WHEN_NO_MATCH", {}, 200],
    ["WHEN_NO_TEMPLATES", {}, 200],
    ["WHEN_NO_TEMPLATES", { a: ok }, 415],
    ["NEVER", {}, 415],
    ["NEVER", { a: ok }, 415],
  ] as const)("none: %s with %j", async (passthroughBehavior, requestTemplates, status) => {
    const given = { passthroughBehavior, requestTemplates, templateSelectionExpression: "b" };
    const call = mock(given as Given, { body: ok });
    if (status === 200) expect(await call).toMatchObject({ statusCode: 200 });
    else await expect(call).rejects.toMatchObject({ status, message: "Unsupported Media Type" });
  });

  test("sees the message, the context, the stage's variables and what opened the connection", async () => {
    const template = `{"statusCode": 200,
      #set($context.responseOverride.header.seen = "$input.path('$.a.b') $context.connectionId $context.identity.sourceIp $stageVariables.color $util.urlEncode('a b') $input.params('token') $input.params('X-Kind')")
    }`;
    const answer = await mock(
      { requestTemplates: { $default: template } },
      {
        body: '{"a":{"b":7}}',
        variables: { color: "blue" },
        opening: opening({ "x-kind": "k" }, [["token", ["t1", "t2"]]]),
      },
    );
    expect(answer.headers.seen).toBe("7 BFaT_fALIAMCKug= 192.0.2.1 blue a+b t2 k");
  });

  test("with a message that is no JSON is 400", async () => {
    const call = mock({ requestTemplates: { $default: "$input.json('$.a')" } }, { body: "{" });
    await expect(call).rejects.toMatchObject({
      status: 400,
      message: expect.stringMatching(/^Could not process payload/),
    });
  });

  test("that is no template fails for its own route", async () => {
    await expect(mock({ requestTemplates: { $default: "#if(" } })).rejects.toMatchObject({ status: 500 });
  });

  test.each(["", "hello", '{"action":"ping"}'])("that is not there lets %j succeed", async (body) => {
    expect(await mock({}, { body })).toMatchObject({ statusCode: 200 });
  });

  test.each(["{}", "hello", '{"statusCode": "200"}'])("without a status, %s, is 500", async (template) => {
    const call = mock({ requestTemplates: { $default: template } });
    await expect(call).rejects.toMatchObject({ status: 500, message: "Internal server error" });
  });
});

describe("the integration response", () => {
  const requestTemplates = {
    $default: "{\"statusCode\": $input.path('$.status')}",
  };
  const bodyOf = async (status: number, integrationResponses: Given["integrationResponses"] & object) =>
    (await mock({ requestTemplates, integrationResponses }, { body: `{"status":${status}}` })).body;
  const answers = [
    response({ integrationResponseKey: "/2\\d\\d/", responseTemplates: { $default: "good" } }),
    response({ integrationResponseKey: "/4\\d\\d/", responseTemplates: { $default: "bad" } }),
    response({ responseTemplates: { $default: "other" } }),
  ];

  test("is that whose expression matches the status, or $default", async () => {
    expect(await bodyOf(201, answers)).toBe("good");
    expect(await bodyOf(404, answers)).toBe("bad");
    expect(await bodyOf(500, answers)).toBe("other");
  });

  test("matches the whole of it", async () => {
    expect(await bodyOf(201, [response({ integrationResponseKey: "/20/" }), answers[2] ?? response()])).toBe(
      "other",
    );
  });

  test.each([[[]], [answers.slice(0, 1)]])("must be there", async (responses) => {
    await expect(bodyOf(500, responses)).rejects.toMatchObject({
      status: 500,
      reason: expect.stringContaining("No match for output mapping"),
    });
  });

  const twice = "#set($context.responseOverride.status = 1)".repeat(2);
  // The guide's apigateway-websocket-api-integration-responses, "one-way communication".
  test.each([[[]], [[response({ responseTemplates: { $default: twice } })]]])(
    "is of no account on a one-way route",
    async (integrationResponses) => {
      const oneWay = { isAnswered: false, body: '{"status":500}' };
      expect(await mock({ requestTemplates, integrationResponses }, oneWay)).toEqual({
        statusCode: 500,
        body: undefined,
        headers: {},
      });
    },
  );

  test("need not be there for a connection that opens", async () => {
    const given = { requestTemplates: { $default: '{"statusCode":403}' }, integrationResponses: [] };
    expect(await mock(given, { eventType: "CONNECT" })).toEqual({
      statusCode: 403,
      body: undefined,
      headers: {},
    });
  });

  test("sees the status of what it is of", async () => {
    const responseTemplates = { $default: "$context.status $context.domainPrefix $context.accountId" };
    expect(await bodyOf(404, [response({ responseTemplates })])).toBe("404 api1 000000000000");
  });

  test("whose expression takes too long is 500", async () => {
    const call = mock(
      {
        requestTemplates: { $default: ok },
        integrationResponseSelectionExpression: "${request.body.text}",
        integrationResponses: [response({ integrationResponseKey: "/(a+)+b/" })],
      },
      { body: JSON.stringify({ text: "a".repeat(5_000) }) },
    );
    await expect(call).rejects.toMatchObject({ status: 500 });
  });

  test("selects its template by the message and by the answer", async () => {
    const integrationResponses = [
      response({
        templateSelectionExpression: "${request.body.status}/${integration.response.statuscode}",
        responseTemplates: { "200/200": "both", $default: "none" },
      }),
    ];
    expect(await bodyOf(200, integrationResponses)).toBe("both");
    expect(await bodyOf(201, integrationResponses)).toBe("none");
  });

  test("may set the status and the headers of a connection that opens", async () => {
    const answer = await mock({
      requestTemplates: { $default: ok },
      integrationResponses: [
        response({
          responseParameters: {
            "route.response.header.Sec-WebSocket-Protocol": "'chat.v2'",
            "method.response.header.X-Kind": "context.connectionId",
            "method.response.header.X-None": "context.none",
          },
          responseTemplates: { $default: "#set($context.responseOverride.status = 401)" },
        }),
      ],
    });
    expect(answer).toEqual({
      statusCode: 401,
      body: "",
      headers: { "sec-websocket-protocol": "chat.v2", "x-kind": "BFaT_fALIAMCKug=" },
    });
  });
});
