import { describe, expect, test } from "vitest";
import { functionAt } from "../../src/functions/function-place.ts";
import type { Env } from "../../src/settings.ts";

const call = {
  name: "greet-all",
  qualifier: "live",
  region: "us-east-1",
  accountId: "000000000000",
  payload: '{"name":"you"}',
  requestId: "id",
};
/** A platform on which no function is stored. */
const envOf = (bindings: object) =>
  ({ DEFINITIONS: { get: async () => null }, ...bindings }) as unknown as Env;
const signal = () => AbortSignal.timeout(10_000);

describe("a Worker that is bound under the function's name", () => {
  test("is sent Lambda's Invoke", async () => {
    let seen: Request | undefined;
    const fetch = async (request: Request) => {
      seen = request;
      return Response.json({ hello: "you" });
    };
    const place = await functionAt(envOf({ greet_all: { fetch } }), call);
    expect(await place.invoke(signal)).toEqual({
      payload: '{"hello":"you"}',
      log: "",
      executedVersion: "$LATEST",
    });
    expect(seen?.method).toBe("POST");
    expect(seen?.url).toBe(
      "https://lambda.internal/2015-03-31/functions/greet-all/invocations?Qualifier=live",
    );
    expect(seen?.headers.get("x-amz-invocation-type")).toBe("RequestResponse");
    expect(await seen?.text()).toBe('{"name":"you"}');
  });

  test("its errors are a function's", async () => {
    const fetch = async () =>
      Response.json({ errorMessage: "no" }, { headers: { "X-Amz-Function-Error": "Unhandled" } });
    const place = await functionAt(envOf({ greet_all: { fetch } }), call);
    expect(await place.invoke(signal)).toMatchObject({
      payload: '{"errorMessage":"no"}',
      functionError: "Unhandled",
    });
  });

  test.each([
    ["no JSON", new Response("hello"), "Refused"],
    ["the receipt of an event", new Response("", { status: 202 }), "Refused"],
    ["an error of the Worker", new Response("", { status: 500 }), "Refused"],
    ["not found", new Response("", { status: 404 }), "NotFound"],
    ["not permitted", new Response("", { status: 403 }), "NotPermitted"],
  ])("%s is no result", async (_, response, reason) => {
    const place = await functionAt(envOf({ greet_all: { fetch: async () => response } }), call);
    await expect(place.invoke(signal)).rejects.toMatchObject({ name: "FunctionUnavailable", reason });
  });
});

test.each([
  ["nothing", {}],
  ["a binding that is no Worker", { greet_all: "text" }],
  ["the function host", { FUNCTIONS: { fetch: () => new Response("{}") } }],
])("%s is no function", async (_, bindings) => {
  const name = "FUNCTIONS" in bindings ? "FUNCTIONS" : call.name;
  await expect(functionAt(envOf(bindings), { ...call, name })).rejects.toMatchObject({ reason: "NotFound" });
});
