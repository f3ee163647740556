/** `npm run example`, as a user runs it. */
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AwsServer, startDynamoDb } from "../clients/aws-servers.ts";
import { credentialVariables, type Gateway, startGateway } from "../gateway.ts";

const root = join(import.meta.dirname, "../..");

// One of its own: other tests load the same examples meanwhile.
let gateway: Gateway;
let dynamoDb: AwsServer;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  gateway = await startGateway();
});
afterAll(async () => {
  await gateway?.stop();
  await dynamoDb?.stop();
});

const settings = () => ({
  AWS_ENDPOINT_URL: `${gateway.origin}/`,
  ...credentialVariables,
  AWS_DEFAULT_REGION: "us-east-1",
  AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
});

/** Its exit status and what it printed. */
async function example(args: string[], env: Record<string, string> = settings()) {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  const options = { env: { ...Object.fromEntries(own), ...env } };
  const command = [join(root, "scripts/example.ts"), ...args];
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, command, options)) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

test("prints the URL of the API, the same each time", async () => {
  const { stdout } = await example(["calc"]);
  const url = stdout.trim();
  expect(url).toMatch(/^http:\/\/[^/]+\/execute-api\/[a-z0-9]{10}\/test$/);
  expect(await (await fetch(`${url}/calc/1/2/add`)).json()).toMatchObject({ output: { c: 3 } });
  expect((await example(["calc"])).stdout.trim()).toBe(url);
});

test("of a WebSocket API it prints the URL, and beside it how to open its page", async () => {
  const { stdout, stderr } = await example(["websocket-chat"]);
  expect(stdout).toMatch(/^ws:\/\/[^/]+\/execute-api\/[a-z0-9]{10}\/production\n$/);
  const [, page = "", url] = /^Open it in a browser: (file:.+)#(.+)$/m.exec(stderr) ?? [];
  expect(url).toBe(stdout.trim());
  expect(await readFile(fileURLToPath(page), "utf8")).toMatch(/^<!doctype html>/);
});

test("every folder is an example that can be loaded", async () => {
  for (const name of readdirSync(join(root, "examples"))) {
    expect(await example([name])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("/execute-api/"),
    });
  }
}, 120_000);

test.each([
  ["no name", [], {}, /^Usage: npm run example -- <name> .*\nThe examples are: calc, /],
  ["another name", ["../examples/calc"], {}, /^Usage: /],
  ["a variable that it does not have", ["calc", "a=1"], {}, /no stage variable "a". It has: none.$/],
  ["no variable", ["http-proxy", "example.com"], {}, /^"example.com" must be a stage variable: name=value.$/],
  ["no endpoint", ["calc"], { AWS_ENDPOINT_URL: "" }, /^AWS_ENDPOINT_URL is not set. Paste/],
  ["no credentials", ["calc"], { AWS_SECRET_ACCESS_KEY: "" }, /^AWS_SECRET_ACCESS_KEY is not set. Paste/],
  ["no DynamoDB", ["websocket-chat"], { AWS_ENDPOINT_URL_DYNAMODB: "" }, /^AWS_ENDPOINT_URL_DYNAMODB is not/],
  [
    "no DynamoDB there",
    ["websocket-chat"],
    { AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:65535" },
    /^Nothing answers at http:\/\/127.0.0.1:65535, where DynamoDB should be: .*ECONNREFUSED/,
  ],
  ["another secret", ["calc"], { AWS_SECRET_ACCESS_KEY: "x" }, /^The gateway at .*InvalidSignatureException/],
  ["nobody there", ["calc"], { AWS_ENDPOINT_URL: "http://127.0.0.1:9" }, /^The gateway at .*ECONNREFUSED/],
])("%s is one clear line and exit code 1", async (_what, args, env, message) => {
  const { code, stderr } = await example(args, { ...settings(), ...env });
  expect([code, stderr.trim()]).toEqual([1, expect.stringMatching(message)]);
});
