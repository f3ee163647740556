/** Client certificates with AWS's SDK: their life, and backends that ask for them. */
import { X509Certificate } from "node:crypto";
import {
  DeleteClientCertificateCommand,
  GenerateClientCertificateCommand,
  GetClientCertificateCommand,
  GetClientCertificatesCommand,
  UpdateClientCertificateCommand,
} from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Gateway, startGateway } from "../gateway.ts";
import { apiGatewayClient } from "./clients.ts";

const year = 365 * 24 * 60 * 60 * 1000;
let gateway: Gateway;
let client: ReturnType<typeof apiGatewayClient>;

beforeAll(async () => {
  gateway = await startGateway();
  client = apiGatewayClient(gateway.origin);
});
afterAll(async () => {
  await gateway.stop();
});

test("a certificate's life", async () => {
  const created = await client.send(
    new GenerateClientCertificateCommand({ description: "old", tags: { team: "pets" } }),
  );
  expect(created.$metadata.httpStatusCode).toBe(201);
  const clientCertificateId = created.clientCertificateId as string;
  const certificate = new X509Certificate(created.pemEncodedCertificate as string);
  expect(certificate.subject).toContain("CN=ApiGateway");
  expect(certificate.validFromDate).toEqual(created.createdDate);
  expect(certificate.validToDate).toEqual(created.expirationDate);
  expect(certificate.validToDate.getTime() - certificate.validFromDate.getTime()).toBe(year);
  const patchOperations = [{ op: "replace" as const, path: "/description", value: "new" }];
  await client.send(new UpdateClientCertificateCommand({ clientCertificateId, patchOperations }));
  const { items } = await client.send(new GetClientCertificatesCommand({}));
  expect(items).toMatchObject([{ clientCertificateId, description: "new" }]);
  expect(await client.send(new GetClientCertificateCommand({ clientCertificateId }))).toMatchObject({
    description: "new",
    pemEncodedCertificate: created.pemEncodedCertificate,
    tags: { team: "pets" },
  });
  expect(await client.send(new DeleteClientCertificateCommand({ clientCertificateId }))).toMatchObject({
    $metadata: { httpStatusCode: 202 },
  });
  await expect(client.send(new GetClientCertificateCommand({ clientCertificateId }))).rejects.toMatchObject({
    name: "NotFoundException",
    message: "Invalid Client Certificate identifier specified",
  });
});
