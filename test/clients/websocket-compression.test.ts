/** Whether messages are compressed (RFC 7692): every browser offers to. */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { compressedContents } from "../../scripts/conformance/compression.ts";
import { type EchoBackend, startEchoBackend } from "../../scripts/conformance/echo-backend.ts";
import { RawClient } from "../../scripts/conformance/raw-client.ts";
import { runCase } from "../../scripts/conformance/run-case.ts";
import { type Gateway, startGateway } from "../gateway.ts";
import { apiGatewayV2Client } from "./clients.ts";
import { TestSocket, TestWebSocketApi } from "./websocket-api.ts";

let backend: EchoBackend;
beforeAll(async () => {
  backend = await startEchoBackend();
});
afterAll(() => backend.stop());

async function deployEcho(origin: string): Promise<string> {
  const api = await TestWebSocketApi.create(apiGatewayV2Client(origin));
  await api.route("$default", backend.route);
  await api.deploy();
  return api.url(origin);
}

test("an offer to compress is declined, and messages pass as they are", async () => {
  const client = await TestSocket.open(await deployEcho(inject("origin")), { perMessageDeflate: true });
  expect(client.socket.extensions).toBe("");
  client.send("not compressed");
  expect(await client.next()).toBe("not compressed");
  client.socket.close();
  await client.closed;
});

describe("with WEBSOCKET_COMPRESSION=1", () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway({ env: { WEBSOCKET_COMPRESSION: "1" } });
  });
  afterAll(() => gateway.stop());

  test("it is agreed to, and messages of text are read and sent compressed", async () => {
    const url = await deployEcho(gateway.origin);
    const client = await RawClient.open(url, "permessage-deflate");
    expect(client.deflate).toBeDefined();
    client.destroy();
    const [text] = compressedContents.filter(({ number }) => number === "12.1.3");
    expect(await runCase(url, text as (typeof compressedContents)[number])).toMatchObject({
      behaviour: "OK",
    });
  });
});
