import { describe, expect, test } from "vitest";
import { boundFunction, carryOut, response, type Situation } from "./carry-out.ts";

const failed = (errorMessage: string) =>
  Response.json({ errorMessage }, { headers: { "X-Amz-Function-Error": "Unhandled" } });

async function call(
  answer: () => Response,
  given: Partial<Situation["integration"]> = {},
  body = '{"text":"hi"}',
) {
  let seen = "";
  const { env, uri } = boundFunction((event) => {
    seen = event;
    return answer();
  });
  const integration = { integrationType: "AWS" as const, integrationUri: uri, ...given };
  return { answer: await carryOut({ integration, env, body }), seen: () => seen };
}

describe("a function's result", () => {
  test("is what the client gets, and the message what it is called with", async () => {
    const { answer, seen } = await call(() => Response.json({ ok: true }));
    expect(answer).toEqual({ statusCode: 200, body: '{"ok":true}', headers: {} });
    expect(seen()).toBe('{"text":"hi"}');
  });

  test("is mapped, and what it is called with too", async () => {
    const { answer, seen } = await call(() => Response.json({ ok: true }), {
      requestTemplates: { $default: "{\"said\":$input.json('$.text')}" },
      integrationResponses: [response({ responseTemplates: { $default: "$input.path('$.ok')" } })],
    });
    expect(answer.body).toBe("true");
    expect(seen()).toBe('{"said":"hi"}');
  });
});

describe("a function's error", () => {
  const integrationResponses = [
    response({ integrationResponseKey: "/.*no room.*/", responseTemplates: { $default: "full" } }),
    response({ responseTemplates: { $default: "other" } }),
  ];

  test("selects the response by its message", async () => {
    expect((await call(() => failed("no room left"), { integrationResponses })).answer.body).toBe("full");
    expect((await call(() => failed("no"), { integrationResponses })).answer.body).toBe("other");
    expect((await call(() => Response.json("no room"), { integrationResponses })).answer.body).toBe("other");
  });

  test("lets no connection open, unless a template says so", async () => {
    expect((await call(() => failed("no"))).answer.statusCode).toBe(502);
    const forgiving = [
      response({ responseTemplates: { $default: "#set($context.responseOverride.status = 200)" } }),
    ];
    const { answer } = await call(() => failed("no"), { integrationResponses: forgiving });
    expect(answer.statusCode).toBe(200);
  });
});

test("an event is handed over", async () => {
  const requestParameters = { "integration.request.header.X-Amz-Invocation-Type": "'Event'" };
  const { answer } = await call(() => new Response(null, { status: 202 }), { requestParameters });
  expect(answer).toMatchObject({ statusCode: 202, body: "" });
});

test("a message that is no JSON is the client's fault", async () => {
  await expect(call(() => Response.json({}), {}, "hello")).rejects.toMatchObject({
    status: 400,
    message: "Could not parse request body into json",
  });
});
