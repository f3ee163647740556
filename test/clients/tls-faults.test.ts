/**
 * Backends that misbehave behind TLS: the caller is told what it is told without, whether workerd speaks it or, for a
 * client certificate, the egress.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";
import {
  type APIGatewayClient,
  GenerateClientCertificateCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deployFaultyApi, type Kind } from "../../scripts/soak/faulty-api.ts";
import { type FaultyBackend, faultNames, startFaultyBackend } from "../../scripts/soak/faulty-backend.ts";
import { credentials, type Gateway, startGateway } from "../gateway.ts";
import { listen } from "../listen.ts";
import { createCertificate } from "./certificates.ts";
import { apiGatewayClient } from "./clients.ts";

const kinds: Kind[] = ["HTTP", "HTTP_PROXY", "HTTP_PROXY, streamed"];
const authority = createCertificate({ name: "Test Root" });
const { cert, key } = createCertificate({ name: "server", hosts: ["localhost"], issuer: authority });

/** Speaks TLS in front of the backend; what breaks off there breaks off here. */
const terminator = createServer({ cert, key }, (secure) => {
  const plain = connect(Number(new URL(backend.origin).port), "127.0.0.1");
  const breakOff = () => {
    secure.destroy();
    plain.destroy();
  };
  for (const socket of [secure, plain]) open.add(socket.on("error", breakOff));
  secure.on("close", () => plain.destroy());
  plain.on("close", (hadError) => hadError && breakOff());
  secure.pipe(plain).pipe(secure);
});
const open = new Set<Socket>();
const folder = mkdtempSync(join(tmpdir(), "sallyport-tls-"));
let backend: FaultyBackend;
let gateway: Gateway;
let client: APIGatewayClient;
type UrlOf = Awaited<ReturnType<typeof deployFaultyApi>>;
let ways: Record<"plain" | "workerd" | "egress", UrlOf>;

/** But one: what it never reads fits into the sockets on both sides of the terminator. */
const names = faultNames.filter((name) => name !== "answers and never reads");
/** Milliseconds: short where nothing else ends the call, and long enough for a handshake. */
const timeouts = Object.fromEntries(names.map((name) => [name, /^slow|^never/.test(name) ? 500 : 29_000]));

beforeAll(async () => {
  backend = await startFaultyBackend();
  const caFile = join(folder, "ca.pem");
  writeFileSync(caFile, authority.cert);
  gateway = await startGateway({ env: { EXTRA_CA_CERTS: caFile } });
  client = apiGatewayClient(gateway.origin);
  const deploy = (origin: string) =>
    deployFaultyApi({ gateway: gateway.origin, credentials, origin, kinds, timeouts });
  const secure = `https://localhost:${await listen(terminator)}`;
  ways = {
    plain: await deploy(backend.origin),
    workerd: await deploy(secure),
    egress: await deploy(secure),
  };
  await presentCertificate(ways.egress);
});
afterAll(async () => {
  await gateway.stop();
  backend.stop();
  terminator.close();
  for (const socket of open) socket.destroy();
  rmSync(folder, { recursive: true });
});

async function presentCertificate(urlOf: UrlOf): Promise<void> {
  const { clientCertificateId: value } = await client.send(new GenerateClientCertificateCommand({}));
  const [, restApiId, stageName] = /\/execute-api\/(\w+)\/(\w+)\//.exec(urlOf("HTTP", "healthy")) ?? [];
  const patchOperations = [{ op: "replace" as const, path: "/clientCertificateId", value }];
  await client.send(new UpdateStageCommand({ restApiId, stageName, patchOperations }));
}

/** Longer than what sockets buffer. */
const unread = JSON.stringify("x".repeat(6_000_000));

async function outcomeOf(url: string, body = "{}"): Promise<string> {
  const response = await fetch(url, {
    method: "POST",
    body,
    headers: { "Content-Type": "application/json" },
    redirect: "manual",
    signal: AbortSignal.timeout(20_000),
  });
  try {
    const text = await response.text();
    return `${response.status} ${text.length > 1_000 ? text.length : text}`;
  } catch (error) {
    if ((error as Error).name === "TimeoutError") throw error;
    return `${response.status}, broken off`;
  }
}

describe.each(kinds)("%s", (kind) => {
  test.each(names)("%s, and the next call is served", async (fault) => {
    const body = fault.includes("never reads") ? unread : "{}";
    const plain = await outcomeOf(ways.plain(kind, fault), body);
    for (const way of ["workerd", "egress"] as const) {
      expect([way, await outcomeOf(ways[way](kind, fault), body)]).toEqual([way, plain]);
      expect(await outcomeOf(ways[way](kind, "healthy"))).toBe(await outcomeOf(ways.plain(kind, "healthy")));
    }
  });
});
