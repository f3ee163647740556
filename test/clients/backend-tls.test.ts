/** HTTPS backends that ask for client certificates, and backends whose own certificates are not what they should be. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerOptions } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { TLSSocket } from "node:tls";
import {
  CreateVpcLinkCommand,
  DeleteClientCertificateCommand,
  GenerateClientCertificateCommand,
  GetIntegrationCommand,
  type PutIntegrationCommandInput,
} from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gateway, startGateway } from "../gateway.ts";
import { listen } from "../listen.ts";
import { createCertificate, type TestCertificate } from "./certificates.ts";
import { apiGatewayClient, lambdaClient } from "./clients.ts";
import { TestApi } from "./rest-api.ts";
import { createFunction, invokeFunction } from "./stored-functions.ts";

const local = ["localhost", "127.0.0.1"];
const authority = createCertificate({ name: "Test Root" });
const server = createCertificate({ name: "server", hosts: local, issuer: authority });
const unknownAuthority = createCertificate({ name: "Nobody's Root" });
const nlb = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/pets/1234567890abcdef";

const folder = mkdtempSync(join(tmpdir(), "sallyport-tls-"));
const servers: Server[] = [];
let gateway: Gateway;
let client: ReturnType<typeof apiGatewayClient>;

/** An HTTPS server on a port of its own that tells what it was sent, and by whom. */
async function serve(certificate: TestCertificate, options: ServerOptions = {}) {
  const { cert, key } = certificate;
  const backend = createServer({ cert, key, ...options }, async (request, response) => {
    const { length } = await buffer(request);
    const { method, url, headers, socket } = request;
    const { fingerprint256 } = (socket as TLSSocket).getPeerCertificate();
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ method, url, headers, length, fingerprint256 }));
  });
  servers.push(backend);
  const port = await listen(backend);
  return { backend, port, url: `https://localhost:${port}` };
}

/** A server that lets in only who has one of the certificates. */
const serveClients = (...pems: string[]) =>
  serve(server, { requestCert: true, rejectUnauthorized: true, ca: pems });

async function createApi(
  uri: string,
  integration: Partial<PutIntegrationCommandInput> = {},
): Promise<TestApi> {
  const api = await TestApi.create(client);
  await api.proxy("", uri, integration);
  await api.deploy();
  return api;
}

async function generate() {
  const { clientCertificateId, pemEncodedCertificate } = await client.send(
    new GenerateClientCertificateCommand({}),
  );
  return { id: clientCertificateId as string, pem: pemEncodedCertificate as string };
}

const present = (api: TestApi, id: string) => api.updateStage({ "/clientCertificateId": id });

/** What the backend tells, or the gateway's refusal. */
type Answer = { headers: Record<string, string>; fingerprint256?: string };

const call = async (api: TestApi, path = "/pets", init: RequestInit = {}): Promise<[number, Answer]> => {
  const response = await fetch(api.url(gateway.origin, path), init);
  return [response.status, (await response.json()) as Answer];
};

const tried = (api: TestApi, clientCertificateId?: string) =>
  api.testMethod("GET", "/{proxy+}", { pathWithQueryString: "/pets", clientCertificateId });
/** Whether the alert or the end of the connection is seen first. */
const refusals = [500, 504];
const internalError = [500, { message: "Internal server error" }];
let vpcBackend: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  const caFile = join(folder, "ca.pem");
  writeFileSync(caFile, `Of a private authority:\n${authority.cert}\n`);
  vpcBackend = await serve(server, { requestCert: true, rejectUnauthorized: false });
  gateway = await startGateway({
    env: { EXTRA_CA_CERTS: caFile, VPC_LINK_TARGETS: JSON.stringify({ [nlb]: vpcBackend.url }) },
  });
  client = apiGatewayClient(gateway.origin);
});
afterAll(async () => {
  await gateway?.stop();
  for (const backend of servers) {
    backend.closeAllConnections();
    backend.close();
  }
  rmSync(folder, { recursive: true });
});

describe("client certificates", () => {
  test("the guide's rotation: the stage's certificate is presented at once", async () => {
    const [old, fresh] = [await generate(), await generate()];
    const { url } = await serveClients(old.pem, fresh.pem);
    const api = await createApi(url);
    expect(refusals).toContain((await call(api))[0]);
    await present(api, old.id);
    const [status, first] = await call(api);
    expect(status).toBe(200);
    await present(api, fresh.id);
    const [then, second] = await call(api);
    expect(then).toBe(200);
    expect(second.fingerprint256).not.toBe(first.fingerprint256);
    await client.send(new DeleteClientCertificateCommand({ clientCertificateId: old.id }));
    expect((await call(api))[0]).toBe(200);
    await present(api, "");
    expect(refusals).toContain((await call(api))[0]);
  });

  test("requests are sent on as they are without one", async () => {
    const { id, pem } = await generate();
    const { url, port } = await serveClients(pem);
    const api = await createApi(url);
    await present(api, id);
    const [, answer] = await call(api, "/a%20b?c=d&c=e", {
      method: "POST",
      body: "x".repeat(200_000),
      headers: { "X-Own": "1", "X-Sallyport-Connection": "forged" },
    });
    expect(answer).toMatchObject({
      method: "POST",
      url: "/a%20b?c=d&c=e",
      length: 200_000,
      headers: { host: `localhost:${port}`, "x-own": "1" },
    });
    expect(Object.keys(answer.headers).join()).not.toContain("sallyport");
  });

  test("HTTP integrations present it too", async () => {
    const { id, pem } = await generate();
    const { url } = await serveClients(pem);
    const api = await createApi(url, { type: "HTTP", passthroughBehavior: "WHEN_NO_MATCH" });
    await present(api, id);
    expect(await call(api)).toMatchObject([200, { method: "GET", url: "/pets" }]);
  });

  test("a backend that hangs up on a certificate that it does not know is 504", async () => {
    const [own, other] = [await generate(), await generate()];
    const { url } = await serveClients(other.pem);
    const api = await createApi(url);
    await present(api, own.id);
    expect(await call(api)).toEqual([504, { message: "Network error communicating with endpoint" }]);
  });

  test("a backend that refuses the handshake is 500, and the log has its alert", async () => {
    const { id } = await generate();
    const { url } = await serve(server, { maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256" });
    const api = await createApi(url);
    await present(api, id);
    expect(await call(api)).toEqual(internalError);
    expect((await tried(api, id)).log).toContain(
      "Execution failed due to configuration error: Received fatal alert: handshake_failure\n",
    );
  });

  test("a backend that asks for none, or speaks no TLS, is called as ever", async () => {
    const { id } = await generate();
    const { url } = await serve(server);
    const api = await createApi(url);
    await present(api, id);
    expect((await call(api))[0]).toBe(200);
  });

  test("it is presented through a VPC link", async () => {
    const { id: vpcLinkId } = await client.send(new CreateVpcLinkCommand({ name: "l", targetArns: [nlb] }));
    const { id } = await generate();
    const api = await createApi("https://pets.internal.invalid:8443", {
      connectionType: "VPC_LINK",
      connectionId: vpcLinkId,
    });
    const [before, unknown] = await call(api);
    expect([before, unknown.fingerprint256]).toEqual([200, undefined]);
    await present(api, id);
    const [status, { headers, fingerprint256 }] = await call(api);
    expect([status, headers.host]).toEqual([200, "pets.internal.invalid:8443"]);
    expect(fingerprint256).toBeDefined();
  });

  test("TestInvokeMethod presents the one that it is given, and its log shows no key", async () => {
    const { id, pem } = await generate();
    const { url } = await serveClients(pem);
    const api = await createApi(url);
    const { status, log } = await tried(api, id);
    expect(status).toBe(200);
    expect(log).toContain(`Sending request to ${url}/pets`);
    expect(log?.toLowerCase()).not.toContain("sallyport");
    await expect(tried(api, "nothing")).rejects.toMatchObject({
      name: "NotFoundException",
      message: "Invalid Client Certificate identifier specified",
    });
  });
});

test("private keys are with the Account object alone: neither in KV nor printed", async () => {
  await generate();
  const filesOf = (name: string) =>
    readdirSync(join(gateway.stateDir, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
      .join("");
  expect(filesOf("objects")).toContain("BEGIN PRIVATE KEY");
  expect(filesOf("kv")).not.toContain("PRIVATE KEY");
  expect(filesOf("kv-blobs")).not.toContain("PRIVATE KEY");
  expect(gateway.output()).not.toContain("PRIVATE KEY");
});

describe("a backend's certificate", () => {
  const skipping = { tlsConfig: { insecureSkipVerification: true } };
  const wrongHost = createCertificate({ name: "elsewhere", hosts: ["elsewhere.example"], issuer: authority });
  const expired = createCertificate({ name: "server", hosts: local, issuer: authority, days: -1 });
  const unknown = createCertificate({ name: "server", hosts: local, issuer: unknownAuthority });
  const selfSigned = createCertificate({ name: "server", hosts: local });

  test("of an authority in EXTRA_CA_CERTS is trusted", async () => {
    const { url } = await serve(server);
    expect((await call(await createApi(url)))[0]).toBe(200);
  });

  test("of such an authority is trusted by functions too", async () => {
    const { url } = await serve(server);
    const lambda = lambdaClient(gateway.origin);
    const name = await createFunction(
      lambda,
      `export const handler = async () => (await fetch("${url}/from-function")).json();`,
    );
    expect((await invokeFunction(lambda, name)).payload).toMatchObject({ url: "/from-function" });
    lambda.destroy();
  });

  test.each([
    ["that is self-signed", selfSigned],
    ["of an authority that nobody knows", unknown],
    ["that has expired", expired],
    ["for another host", wrongHost],
  ])("%s is 500", async (_, certificate) => {
    const { url } = await serve(certificate);
    expect(await call(await createApi(url))).toEqual(internalError);
  });

  test.each([
    ["that is self-signed", selfSigned],
    ["of an authority that nobody knows", unknown],
    ["of an authority that is known", server],
  ])("%s is accepted with insecureSkipVerification", async (_, certificate) => {
    const { url } = await serve(certificate);
    expect((await call(await createApi(url, skipping)))[0]).toBe(200);
  });

  test.each([
    [
      "that has expired",
      expired,
      "PKIX path validation failed: java.security.cert.CertPathValidatorException: validity check failed",
    ],
    [
      "that has expired, of an unknown authority",
      createCertificate({ name: "server", hosts: local, issuer: unknownAuthority, days: -1 }),
      "PKIX path validation failed: java.security.cert.CertPathValidatorException: validity check failed",
    ],
    [
      "for another host",
      wrongHost,
      "Host name 'localhost' does not match the certificate subject provided by the peer (CN=elsewhere)",
    ],
    [
      "for another host, self-signed",
      createCertificate({ name: "elsewhere", hosts: ["elsewhere.example"] }),
      "Host name 'localhost' does not match the certificate subject provided by the peer (CN=elsewhere)",
    ],
  ])("%s is not, and the log says why", async (_, certificate, reason) => {
    const { url } = await serve(certificate);
    const api = await createApi(url, skipping);
    expect(await call(api)).toEqual(internalError);
    expect((await tried(api)).log).toContain(`Execution failed due to configuration error: ${reason}\n`);
  });

  test("is verified as ever where a client certificate is presented", async () => {
    const { url } = await serve(selfSigned);
    const api = await createApi(url);
    await present(api, (await generate()).id);
    expect(await call(api)).toEqual(internalError);
  });

  test("insecureSkipVerification is shown", async () => {
    const api = await createApi("https://localhost", skipping);
    const { tlsConfig } = await client.send(
      new GetIntegrationCommand({
        restApiId: api.id,
        resourceId: await api.resource("/{proxy+}"),
        httpMethod: "ANY",
      }),
    );
    expect(tlsConfig).toEqual({ insecureSkipVerification: true });
  });
});
