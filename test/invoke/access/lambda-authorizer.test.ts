/** What only shows without a gateway: functions bound as Workers, and time that passes. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Authorizer } from "../../../src/definitions/rest-api.ts";
import { call, mock } from "../rest/api.ts";

const authorizer: Authorizer = {
  id: "auth1",
  name: "auth",
  type: "TOKEN",
  authorizerUri:
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:bound/invocations",
  identitySource: "method.request.header.Auth",
};

const allowAll = JSON.stringify({
  principalId: "p",
  policyDocument: { Statement: [{ Action: "*", Effect: "Allow", Resource: "*" }] },
});

const callWith = (token: string, fetch: (request: Request) => Promise<Response>) =>
  call(
    {
      integration: mock(),
      method: { authorizationType: "CUSTOM", authorizerId: authorizer.id },
      snapshot: { authorizers: [authorizer] },
      // No function is stored; a Worker of that name is bound.
      env: { DEFINITIONS: { get: async () => null }, bound: { fetch } },
    },
    { headers: { auth: token } },
  );

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] }));
afterEach(() => void vi.useRealTimers());

test("a function that does not answer is given up after 29 seconds, also by those who wait for another's call", async () => {
  const never = () => new Promise<Response>(() => undefined);
  const answers = Promise.all([callWith("hangs", never), callWith("hangs", never)]);
  await vi.advanceTimersByTimeAsync(28_900);
  let isDone = false;
  answers.then(() => {
    isDone = true;
  });
  await vi.advanceTimersByTimeAsync(0);
  expect(isDone).toBe(false);
  await vi.advanceTimersByTimeAsync(200);
  for (const answer of await answers) {
    expect(answer.status).toBe(500);
    expect(answer.headers.get("x-amzn-errortype")).toBe("AuthorizerFailureException");
    expect(await answer.text()).toBe('{"message":null}');
  }
});

test("a result is kept for 300 seconds where the authorizer does not say", async () => {
  let calls = 0;
  const count = async () => {
    calls++;
    return new Response(allowAll);
  };
  for (const seconds of [0, 299, 2]) {
    await vi.advanceTimersByTimeAsync(seconds * 1000);
    expect((await callWith("kept", count)).status).toBe(200);
  }
  expect(calls).toBe(2);
});

test("a refusal of the function's place is the authorizer's error", async () => {
  const answer = await callWith("refused", async () => new Response("{}", { status: 429 }));
  expect(answer.status).toBe(500);
  expect(answer.headers.get("x-amzn-errortype")).toBe("AuthorizerConfigurationException");
});
