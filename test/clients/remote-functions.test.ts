/**
 * Functions that are not stored here: at AWS Lambda, which another gateway with functions of its own stands for. It
 * checks signatures as it does for the AWS SDKs.
 */
import { CreateAliasCommand, PublishVersionCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { credentialVariables, type Gateway, startGateway } from "../gateway.ts";
import { apiGatewayClient, lambdaClient } from "./clients.ts";
import { TestApi } from "./rest-api.ts";
import { createFunction, functionUri, invokeFunction, permit } from "./stored-functions.ts";

const remote = inject("origin");
const suffix = crypto.randomUUID().slice(0, 8);
const both = `both-${suffix}`;
let gateway: Gateway;
let api: TestApi;

const create = (origin: string, FunctionName: string, code: string) =>
  createFunction(lambdaClient(origin), code, { FunctionName });

beforeAll(async () => {
  gateway = await startGateway({
    env: {
      ...credentialVariables,
      AWS_ENDPOINT_URL_LAMBDA: remote,
      FUNCTION_FETCH: "0",
    },
  });
  const echo = `export const handler = async (event) => {
    if (event.fail) throw new Error("no luck: " + event.fail);
    return { statusCode: 201, body: "from " + process.env.AWS_LAMBDA_FUNCTION_VERSION + ": " + event.body };
  }`;
  await create(remote, `far-${suffix}`, echo);
  await lambdaClient(remote).send(new PublishVersionCommand({ FunctionName: `far-${suffix}` }));
  await lambdaClient(remote).send(
    new CreateAliasCommand({ FunctionName: `far-${suffix}`, Name: "live", FunctionVersion: "1" }),
  );
  await create(remote, both, echo);
  await create(
    gateway.origin,
    both,
    `export const handler = async () => ({ statusCode: 200, body: "the one that is stored here" })`,
  );

  api = await TestApi.create(apiGatewayClient(gateway.origin));
  const proxies = {
    "/far": `far-${suffix}`,
    "/live": `far-${suffix}:live`,
    "/both": both,
    "/both-live": `${both}:live`,
    "/nowhere": `nowhere-${suffix}`,
  };
  for (const [path, name] of Object.entries(proxies)) {
    await api.method("POST", path, {
      integration: { type: "AWS_PROXY", integrationHttpMethod: "POST", uri: functionUri(name) },
    });
  }
  await api.method("POST", "/custom", {
    integration: { type: "AWS", integrationHttpMethod: "POST", uri: functionUri(`far-${suffix}`) },
    responses: [{}, { statusCode: "409", selectionPattern: "no luck.*" }],
  });
  for (const [path, name] of [
    ["/event", `far-${suffix}`],
    ["/event-nowhere", `nowhere-${suffix}`],
    ["/event-refused", both],
  ] as const) {
    await api.method("POST", path, {
      integration: {
        type: "AWS",
        integrationHttpMethod: "POST",
        uri: functionUri(name),
        requestParameters: { "integration.request.header.X-Amz-Invocation-Type": "'Event'" },
      },
      responses: [{ statusCode: "202" }],
    });
  }
  await api.deploy();
}, 60_000);
afterAll(() => gateway?.stop());

const post = async (path: string, body = "{}") => {
  const response = await fetch(api.url(gateway.origin, path), {
    method: "POST",
    body,
    headers: { "content-type": "application/json" },
  });
  return [response.status, await response.text()];
};
const internalServerError = [500, '{"message": "Internal server error"}'];

describe("a function that is not stored here", () => {
  test("is invoked at AWS Lambda, with a signed request", async () => {
    expect(await post("/far", '{"a":1}')).toEqual([201, 'from $LATEST: {"a":1}']);
  });

  test("by its alias", async () => {
    expect(await post("/live")).toEqual([201, "from 1: {}"]);
  });

  test("its error is that of a function here", async () => {
    expect(await post("/custom", '{"fail": "today"}')).toEqual([
      409,
      expect.stringContaining('"errorMessage":"no luck: today"'),
    ]);
  });

  test("takes events", async () => {
    expect(await post("/event")).toEqual([202, ""]);
  });
});

test("a function that is nowhere is 500, for an event too", async () => {
  expect(await post("/nowhere")).toEqual(internalServerError);
  expect(await post("/event-nowhere")).toEqual(internalServerError);
});

test("a function that is stored here comes first, and its permissions count", async () => {
  expect(await post("/both")).toEqual(internalServerError);
  expect(await post("/event-refused")).toEqual(internalServerError);
  await permit(lambdaClient(gateway.origin), both, `${api.id}/*/POST/both`);
  expect(await post("/both")).toEqual([200, "the one that is stored here"]);
  expect(await post("/event-refused")).toEqual(internalServerError);
});

test("a version that a stored function does not have is not looked for at AWS", async () => {
  expect(await post("/both-live")).toEqual(internalServerError);
});

test("a function that is created after it was missed is found", async () => {
  const name = `nowhere-${suffix}`;
  await create(gateway.origin, name, `export const handler = async () => ({ body: "now" })`);
  await permit(lambdaClient(gateway.origin), name);
  expect(await post("/nowhere")).toEqual([200, "now"]);
});

test("with FUNCTION_FETCH=0 a stored function reaches nothing", async () => {
  const client = lambdaClient(gateway.origin);
  const code = `
    import { connect } from "node:net";
    export const handler = async () => {
      const fetched = await fetch("${remote}/_sallyport/health").then(({ status }) => status, () => "refused");
      const connected = await new Promise((resolve) => {
        const socket = connect(${new URL(remote).port}, "127.0.0.1");
        socket.on("connect", () => resolve("connected"));
        socket.on("error", () => resolve("refused"));
      });
      return { fetched, connected };
    };`;
  const { payload } = await invokeFunction(client, await createFunction(client, code));
  expect(payload).toEqual({ fetched: "refused", connected: "refused" });
  const open = lambdaClient(remote);
  expect((await invokeFunction(open, await createFunction(open, code))).payload).toEqual({
    fetched: 200,
    connected: "connected",
  });
});
