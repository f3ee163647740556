/** Source: the guide's websocket-api-chat-app. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { AwsClient } from "aws4fetch";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { startBrowser, type TestBrowser } from "../browser.ts";
import { type AwsServer, startDynamoDb } from "../clients/aws-servers.ts";
import { TestSocket } from "../clients/websocket-api.ts";
import { credentials, type Gateway, startGateway } from "../gateway.ts";
import { load } from "./loading.ts";

let dynamoDb: AwsServer;
let gateway: Gateway;
let url: string;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  gateway = await startGateway();
  url = await load("websocket-chat", gateway.origin, { dynamoDb: dynamoDb.url });
});

afterAll(async () => {
  await gateway?.stop();
  await dynamoDb?.stop();
});

interface Item {
  connectionId: { S: string };
  connectedAt: { N: string };
  name: { S: string };
}

async function table(action: string, input: object = {}): Promise<{ Items: Item[] }> {
  const client = new AwsClient({ ...credentials, region: "us-east-1", service: "dynamodb" });
  const response = await client.fetch(dynamoDb.url, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDB_20120810.${action}`,
    },
    body: JSON.stringify({ TableName: "websocket-chat-connections", ...input }),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as { Items: Item[] };
}

const connected = async () => (await table("Scan")).Items.map(({ name }) => name.S).sort();

/** $disconnect comes after a connection has ended. */
const expectConnected = (names: string[]) => expect.poll(connected, { timeout: 20_000 }).toEqual(names);

beforeEach(() => expectConnected([]));

/** A client, which leaves when the test is done. */
async function enter(name?: string): Promise<TestSocket> {
  const client = await TestSocket.open(name === undefined ? url : `${url}?name=${encodeURIComponent(name)}`);
  onTestFinished(() => client.socket.close());
  return client;
}

const say = (client: TestSocket, message: unknown) => client.send({ action: "sendmessage", message });

describe("three clients", () => {
  test("a message reaches the two others, with its sender's name", async () => {
    const [ada, bob, nameless] = await Promise.all([enter("Ada"), enter("Bób"), enter()]);
    await expectConnected(["Ada", "Bób", "anonymous"]);
    say(ada, "hello, everyone!");
    const heard = { from: "Ada", message: "hello, everyone!" };
    expect(await bob.nextJson()).toEqual(heard);
    expect(await nameless.nextJson()).toEqual(heard);

    say(bob, "hello, Ada");
    expect(await ada.nextJson()).toEqual({ from: "Bób", message: "hello, Ada" });
    say(nameless, "");
    expect(await ada.nextJson()).toEqual({ from: "anonymous", message: "" });
  });

  test("one that leaves, or is lost, is out of the table; the others go on", async () => {
    const [ada, bob, cyd] = await Promise.all([enter("Ada"), enter("Bob"), enter("Cyd")]);
    bob.socket.close();
    await expectConnected(["Ada", "Cyd"]);
    say(ada, "still there?");
    expect(await cyd.nextJson()).toEqual({ from: "Ada", message: "still there?" });
    cyd.socket.terminate();
    await expectConnected(["Ada"]);
  });
});

test("a connection that is gone leaves the table when a message is sent, unless it is just being opened", async () => {
  const gone = await enter("gone");
  const [item] = (await table("Scan")).Items as [Item];
  gone.socket.close();
  await expectConnected([]);
  const [ada, bob] = await Promise.all([enter("Ada"), enter("Bob")]);

  const opening = { ...item, connectedAt: { N: String(Date.now()) } };
  await table("PutItem", { Item: opening });
  say(ada, "one");
  expect(await bob.nextJson()).toEqual({ from: "Ada", message: "one" });
  // The function has asked for all connections before it answers; a next message comes after that.
  say(ada, "two");
  expect(await bob.nextJson()).toEqual({ from: "Ada", message: "two" });
  expect(await connected()).toEqual(["Ada", "Bob", "gone"]);

  await table("PutItem", { Item: { ...item, connectedAt: { N: String(Date.now() - 60_000) } } });
  say(bob, "three");
  expect(await ada.nextJson()).toEqual({ from: "Bob", message: "three" });
  await expectConnected(["Ada", "Bob"]);
});

test.each([
  ["no JSON", "test"],
  ["another action", '{"action": "dance"}'],
  ["a message that is no text", '{"action": "sendmessage", "message": {"a": 1}}'],
])(
  "%s is answered with how to send one, and what the gateway knows of the connection",
  async (_what, sent) => {
    const client = await enter();
    client.send(sent);
    const [, info = ""] =
      /^Use the sendmessage route to send a message. Your info: (.+)$/.exec(await client.next()) ?? [];
    const [item] = (await table("Scan")).Items as [Item];
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/);
    expect(JSON.parse(info)).toEqual({
      connectedAt: time,
      identity: { sourceIp: "127.0.0.1", userAgent: null },
      lastActiveAt: time,
      connectionID: item.connectionId.S,
    });
  },
);

test("loaded again, it is the same API, and who is connected stays", async () => {
  const [ada, bob] = await Promise.all([enter("Ada"), enter("Bob")]);
  expect(await load("websocket-chat", gateway.origin, { dynamoDb: dynamoDb.url })).toBe(url);
  say(ada, "still there?");
  expect(await bob.nextJson()).toEqual({ from: "Ada", message: "still there?" });
});

describe("the page, in a browser", () => {
  let started: TestBrowser | undefined;
  beforeAll(async () => {
    started = await startBrowser();
  }, 180_000);
  afterAll(() => started?.stop());

  const page = pathToFileURL(join(import.meta.dirname, "../../examples/websocket-chat/page/index.html"));

  async function openPage(name: string): Promise<Page> {
    const context = await (started as TestBrowser).browser.newContext();
    onTestFinished(() => context.close());
    context.setDefaultTimeout(60_000);
    const tab = await context.newPage();
    await tab.goto(`${page}#${url}`);
    await tab.getByLabel("Your name").fill(name);
    await tab.getByRole("button", { name: "Join" }).click();
    await tab.getByText(`Connected as ${name}.`).waitFor();
    return tab;
  }

  const messages = (tab: Page) => tab.getByRole("log").getByRole("listitem").allTextContents();
  const expectMessages = (tab: Page, texts: string[]) =>
    expect.poll(() => messages(tab), { timeout: 60_000 }).toEqual(texts);

  async function write(tab: Page, text: string): Promise<void> {
    await tab.getByLabel("Message", { exact: true }).fill(text);
    await tab.keyboard.press("Enter");
  }

  test("two pages chat with one another; one reconnects by itself; one leaves", async ({ skip }) => {
    if (!started) {
      console.warn("\nNOT TESTED: the chat's page. No browser: install Chrome, or set CHROME_PATH to one.\n");
      skip("no browser");
    }
    const [ada, bob] = await Promise.all([openPage("Ada"), openPage("Bob")]);
    await write(ada, "hello, <b>Bob</b>!");
    await expectMessages(bob, ["Ada: hello, <b>Bob</b>!"]);
    await write(bob, "hello, Ada!");
    await expectMessages(ada, ["You: hello, <b>Bob</b>!", "Bob: hello, Ada!"]);

    // The gateway ends Ada's connection, as it does with one that is idle.
    const { Items } = await table("Scan");
    const lost = Items.find(({ name }) => name.S === "Ada")?.connectionId.S as string;
    const gatewayClient = new AwsClient({ ...credentials, region: "us-east-1", service: "execute-api" });
    const address = `${url.replace("ws", "http")}/@connections/${encodeURIComponent(lost)}`;
    expect((await gatewayClient.fetch(address, { method: "DELETE" })).status).toBe(204);
    await expect
      .poll(async () => (await table("Scan")).Items.map(({ connectionId }) => connectionId.S), {
        timeout: 60_000,
      })
      .toSatisfy((ids: string[]) => ids.length === 2 && !ids.includes(lost));
    await ada.getByText("Connected as Ada.").waitFor();
    await write(bob, "there you are");
    await expectMessages(ada, ["You: hello, <b>Bob</b>!", "Bob: hello, Ada!", "Bob: there you are"]);

    await bob.getByRole("button", { name: "Leave" }).click();
    await bob.getByText("Not connected.").waitFor();
    await expectConnected(["Ada"]);
  }, 300_000);
});
