import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CreateRestApiCommand, GetRestApisCommand } from "@aws-sdk/client-api-gateway";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { startGateway } from "../gateway.ts";
import { listen } from "../listen.ts";
import { apiGatewayClient, lambdaClient } from "./clients.ts";
import { mock, TestApi } from "./rest-api.ts";

test("the first start of an empty state serves the PetStore, and so does the next", async () => {
  const first = await startGateway({ env: { EXAMPLE: "1" } });
  const url = /curl (\S+)\/pets/.exec(first.output())?.[1] as string;
  const pets = async (query = "") =>
    (await (await fetch(`${url}/pets${query}`)).json()) as { type: string }[];
  expect(await pets()).toHaveLength(3);
  expect((await pets("?type=cat")).every(({ type }) => type === "cat")).toBe(true);
  expect(await pets("?page=2")).not.toEqual(await pets());
  expect(await (await fetch(`${url}/pets/1`)).json()).toMatchObject({ id: 1, type: "dog" });
  expect((await fetch(`${url}/pets/999`)).status).toBe(404);
  const post = (body: object) =>
    fetch(`${url}/pets`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  expect((await post({ type: "cat", price: 12 })).status).toBe(200);
  expect((await post({ type: "cat" })).status).toBe(400);
  const before = new URL(url).pathname;
  expect(await first.stop({ keepState: true })).toBe(0);

  const second = await startGateway({ env: { EXAMPLE: "1" }, stateDir: first.stateDir });
  const again = /curl (\S+)\/pets/.exec(second.output())?.[1] as string;
  expect(new URL(again).pathname).toBe(before);
  expect((await fetch(`${again}/pets`)).status).toBe(200);
  expect(await second.stop()).toBe(0);
});

test("without a credential a random one is made, shown, and kept for its owner alone", async () => {
  const env = { ROOT_ACCESS_KEY_ID: "", ROOT_SECRET_ACCESS_KEY: "" };
  const first = await startGateway({ env });
  const shown = /export AWS_ACCESS_KEY_ID=(AKIA[A-Z2-7]{16})/.exec(first.output())?.[1];
  expect(shown).toBeDefined();
  const file = join(first.stateDir, "root-credential.json");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const { secretAccessKey } = JSON.parse(await readFile(file, "utf8"));
  expect(first.output()).toContain(`export AWS_SECRET_ACCESS_KEY=${secretAccessKey}`);
  expect(await readFile(join(first.stateDir, "workerd.capnp"), "utf8")).not.toContain(secretAccessKey);
  await first.stop({ keepState: true });
  const second = await startGateway({ env, stateDir: first.stateDir });
  expect(second.output()).toContain(`export AWS_ACCESS_KEY_ID=${shown}`);
  await second.stop();
});

test("every acknowledged write is there after kill -9", async () => {
  const first = await startGateway();
  const client = apiGatewayClient(first.origin);
  const acknowledged: string[] = [];
  let running = true;
  const writers = Array.from({ length: 4 }, async () => {
    while (running) {
      try {
        const { id } = await client.send(new CreateRestApiCommand({ name: "durable" }));
        acknowledged.push(id as string);
      } catch {
        return;
      }
    }
  });
  const api = await TestApi.create(client);
  await api.method("GET", "/", { integration: mock(), responses: [{}] });
  await api.deploy();
  while (acknowledged.length < 40) await sleep(20);
  await first.stop({ signal: "SIGKILL", keepState: true });
  running = false;
  await Promise.all(writers);
  client.destroy();

  const second = await startGateway({ stateDir: first.stateDir });
  const after = apiGatewayClient(second.origin);
  const ids = new Set<string>();
  let position: string | undefined;
  do {
    const page = await after.send(new GetRestApisCommand({ limit: 500, position }));
    for (const { id } of page.items ?? []) ids.add(id as string);
    position = page.position;
  } while (position);
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
  expect((await fetch(api.url(second.origin, "/"))).status).toBe(200);
  after.destroy();
  expect(await second.stop()).toBe(0);
});

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s finishes the requests in flight and ends with 0",
  async (signal) => {
    const backend = createServer(async (_request, response) => {
      response.write("first ");
      await sleep(1_000);
      response.end("last");
    });
    const uri = `http://127.0.0.1:${await listen(backend)}/`;
    const gateway = await startGateway();
    const client = apiGatewayClient(gateway.origin);
    const api = await TestApi.create(client);
    await api.method("GET", "/", { integration: { type: "HTTP_PROXY", integrationHttpMethod: "GET", uri } });
    await api.deploy();
    const inFlight = await fetch(api.url(gateway.origin, "/"));
    const ended = gateway.stop({ signal });
    expect(await inFlight.text()).toBe("first last");
    expect(await ended).toBe(0);
    client.destroy();
    backend.close();
  },
);

test("a second gateway on the same state is refused", async () => {
  const gateway = await startGateway();
  const { code, output } = await start({ STATE_DIR: gateway.stateDir, PORT: "0" });
  expect([code, output]).toEqual([
    1,
    expect.stringMatching(/^STATE_DIR \S+ is in use by another gateway \(process \d+\)\.\n$/),
  ]);
  await gateway.stop();
});

test.each([
  ["a port that is none", { PORT: "http" }, 'PORT is "http"; it must be a number from 0 to 65535.\n'],
  [
    "a time-out that is none",
    { WEBSOCKET_IDLE_TIMEOUT: "ten" },
    'WEBSOCKET_IDLE_TIMEOUT is "ten"; it must be a number of seconds from 1 to 604800.\n',
  ],
  ["a port out of range", { PORT: "70000" }, 'PORT is "70000"; it must be a number from 0 to 65535.\n'],
  [
    "a host that is none",
    { HOST: "a b" },
    'HOST is "a b"; it must be an address of this machine, such as 127.0.0.1.\n',
  ],
  [
    "an account that is none",
    { AWS_ACCOUNT_ID: "12" },
    'AWS_ACCOUNT_ID is "12"; it must be twelve digits.\n',
  ],
  [
    "a limit of the account that is none",
    { ACCOUNT_RATE_LIMIT: "-1" },
    'ACCOUNT_RATE_LIMIT is "-1"; it must be a number of requests a second, such as 10000, or 0 for no limit.\n',
  ],
  [
    "a burst of nothing",
    { ACCOUNT_BURST_LIMIT: "0" },
    'ACCOUNT_BURST_LIMIT is "0"; it must be a whole number of requests, at least 1.\n',
  ],
  [
    "a limit of connections that is none",
    { ACCOUNT_CONNECT_LIMIT: "many" },
    'ACCOUNT_CONNECT_LIMIT is "many"; it must be a number of connections a second, such as 500, or 0 for no limit.\n',
  ],
  [
    "a third way to fail",
    { LIMITS_ON_FAILURE: "ajar" },
    'LIMITS_ON_FAILURE is "ajar"; it must be open or closed.\n',
  ],
  [
    "half a credential",
    { ROOT_ACCESS_KEY_ID: "AKIA", ROOT_SECRET_ACCESS_KEY: "" },
    "ROOT_ACCESS_KEY_ID and ROOT_SECRET_ACCESS_KEY must be set together, or neither of them.\n",
  ],
  [
    "a file of authorities that is not there",
    { EXTRA_CA_CERTS: "/nowhere/ca.pem" },
    /^EXTRA_CA_CERTS cannot be read: ENOENT.*\n$/,
  ],
  [
    "a file of authorities without any",
    { EXTRA_CA_CERTS: join(import.meta.dirname, "start.test.ts") },
    /^EXTRA_CA_CERTS: \S+ has no certificate in PEM\.\n$/,
  ],
  [
    "a folder that cannot be made",
    { STATE_DIR: "/proc/sallyport/state" },
    /^STATE_DIR \/proc\/sallyport\/state cannot be written: .*\n$/,
  ],
])("%s is one clear line and exit code 1", async (_, env, line) => {
  const { code, output } = await start({ PORT: "0", ...env });
  expect(code).toBe(1);
  if (typeof line === "string") expect(output).toBe(line);
  else expect(output).toMatch(line);
});

test("a port that is taken is one clear line and exit code 1", async () => {
  const server = createServer();
  const port = await listen(server);
  expect(await start({ PORT: String(port) })).toEqual({
    code: 1,
    output: `Port ${port} on 127.0.0.1 is taken: end what uses it, or set PORT to another.\n`,
  });
  server.close();
});

test("a state that is no folder is one clear line and exit code 1", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-test-"));
  const file = join(folder, "file");
  await writeFile(file, "");
  await chmod(file, 0o600);
  const { code, output } = await start({ PORT: "0", STATE_DIR: file });
  expect([code, output]).toEqual([1, expect.stringMatching(/^STATE_DIR \S+ cannot be written: .*\n$/)]);
  await rm(folder, { recursive: true });
});

test("a state of an older start that was killed is taken over, with the port", async () => {
  const first = await startGateway({ env: { EXAMPLE: "0" } });
  const { port } = new URL(first.origin);
  process.kill(first.pid, "SIGKILL");
  await sleep(200);
  const second = await startGateway({ stateDir: first.stateDir, env: { PORT: "0" } });
  await expect(fetch(`http://127.0.0.1:${port}/_sallyport/health`)).rejects.toThrow();
  const lambda = lambdaClient(second.origin);
  await expect(lambda.send(new InvokeCommand({ FunctionName: "none" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  lambda.destroy();
  expect(await second.stop()).toBe(0);
});

/** Runs the start script until it ends by itself. */
async function start(env: Record<string, string>): Promise<{ code: number; output: string }> {
  const stateDir = env.STATE_DIR ?? (await mkdtemp(join(tmpdir(), "sallyport-test-")));
  const child = spawn(process.execPath, [join(import.meta.dirname, "../../scripts/start.ts")], {
    env: { ...process.env, EXAMPLE: "0", STATE_DIR: stateDir, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (data) => {
    output += data;
  });
  child.stderr.on("data", (data) => {
    output += data;
  });
  const [code] = await once(child, "close");
  if (!env.STATE_DIR) await rm(stateDir, { recursive: true, force: true });
  return { code, output };
}
