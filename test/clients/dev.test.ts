/**
 * `npm run dev`: the Worker as wrangler runs it, with the bindings of wrangler.toml. Functions have nothing but the
 * runtime's own worker loader here, as on Cloudflare.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ApiGatewayManagementApiClient,
  GetConnectionCommand,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { afterAll, beforeAll, expect, test } from "vitest";
import { devCredential } from "../../scripts/dev-vars.ts";
import { credentials } from "../gateway.ts";
import { apiGatewayV2Client, lambdaClient } from "./clients.ts";
import { createFunction, invokeFunction } from "./stored-functions.ts";
import { TestSocket, TestWebSocketApi } from "./websocket-api.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-test-"));
let origin: string;
let stop: () => Promise<unknown>;

beforeAll(async () => {
  const variables = join(folder, "variables");
  writeFileSync(
    variables,
    `ROOT_ACCESS_KEY_ID=${credentials.accessKeyId}\nROOT_SECRET_ACCESS_KEY=${credentials.secretAccessKey}\n`,
  );
  const ports = ["--port", "0", "--inspector-port", "0"];
  const options = [...ports, "--persist-to", join(folder, "state"), "--env-file", variables];
  const server = spawn(process.execPath, [join(import.meta.dirname, "../../scripts/dev.ts"), ...options], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(server, "exit");
  stop = () => {
    server.kill();
    return ended;
  };
  let output = "";
  origin = await new Promise<string>((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr]) {
      stream.on("data", (data) => {
        output += data;
        const [, ready] = /Ready on (http:\/\/\S+)/.exec(output) ?? [];
        if (ready) resolve(ready);
      });
    }
    ended.then(() => reject(new Error(`wrangler has ended:\n${output}`)));
  });
});

afterAll(async () => {
  await stop?.();
  rmSync(folder, { recursive: true, force: true });
});

test("a function is kept, loaded and invoked", async () => {
  const lambda = lambdaClient(origin);
  const name = await createFunction(lambda, "export const handler = async ({ a, b }) => a + b;");
  expect(await invokeFunction(lambda, name, { a: 20, b: 22 })).toMatchObject({ status: 200, payload: 42 });
});

test("a WebSocket API answers its clients, and its backend reaches them by their ids", async () => {
  const api = await TestWebSocketApi.create(apiGatewayV2Client(origin));
  await api.route("$default", {
    isTwoWay: true,
    integration: { RequestTemplates: { $default: '{"statusCode": 200}' } },
    integrationResponses: [{ ResponseTemplates: { $default: "$context.connectionId" } }],
  });
  await api.deploy();
  const client = await TestSocket.open(api.url(origin));
  client.send("{}");
  const ConnectionId = await client.next();
  const connections = new ApiGatewayManagementApiClient({
    endpoint: api.url(origin).replace(/^ws/, "http"),
    region: "us-east-1",
    credentials,
  });
  await connections.send(new PostToConnectionCommand({ ConnectionId, Data: "from a backend" }));
  expect(await client.next()).toBe("from a backend");
  client.socket.close();
  await client.closed;
  await expect(connections.send(new GetConnectionCommand({ ConnectionId }))).rejects.toThrow(
    expect.objectContaining({ name: "GoneException" }),
  );
});

test("the first start makes a root credential for its owner alone, the next ones go on with it", () => {
  const file = join(folder, ".dev.vars");
  const credential = devCredential(file);
  expect(credential).toEqual({
    accessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/),
    secretAccessKey: expect.stringMatching(/^[\w+/]{40}$/),
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(devCredential(file)).toEqual(credential);
  writeFileSync(file, `${readFileSync(file, "utf8")}ROOT_SECRET_ACCESS_KEY=\n`);
  expect(devCredential(file)).toBeUndefined();
});
