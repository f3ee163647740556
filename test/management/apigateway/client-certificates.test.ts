import { beforeEach, describe, expect, test } from "vitest";
import { account, replace } from "./calling.ts";

/** As the Worker gives it to the Account object. */
const issued = {
  certificate: "-----BEGIN CERTIFICATE-----",
  privateKey: "-----BEGIN PRIVATE KEY-----",
  from: 1_700_000_000,
  to: 1_731_536_000,
};
const unknown = "NotFoundException: Invalid Client Certificate identifier specified";

let { call, refused, published, context, createDeployable } = account();

beforeEach(() => {
  ({ call, refused, published, context, createDeployable } = account());
});

const generate = (input: object = {}) => call("GenerateClientCertificate", { issued, ...input });
const get = (clientCertificateId: string) => call("GetClientCertificate", { clientCertificateId });

/** A stage, and how to give it a certificate. */
function createStage() {
  const { id: restApiId } = createDeployable();
  call("CreateDeployment", { restApiId, stageName: "dev" });
  const stage = { restApiId, stageName: "dev" };
  const patch = (id: string) => ({ ...stage, patchOperations: [replace("/clientCertificateId", id)] });
  return { restApiId, stage, patch };
}

test("a certificate has its dates, its PEM and no key", () => {
  const created = generate({ description: "for the backend" });
  expect(created).toEqual({
    clientCertificateId: expect.stringMatching(/^[a-z0-9]{6}$/),
    description: "for the backend",
    pemEncodedCertificate: issued.certificate,
    createdDate: issued.from,
    expirationDate: issued.to,
  });
  expect(get(created.clientCertificateId)).toEqual({ ...created, tags: {} });
  expect(call("GetClientCertificates")).toEqual({ items: [created] });
});

test("no operation answers or publishes the private key", () => {
  const { clientCertificateId } = generate();
  const { patch, stage } = createStage();
  const answers = [
    get(clientCertificateId),
    call("GetClientCertificates"),
    call("UpdateStage", patch(clientCertificateId)),
    call("GetStage", stage),
    [...published],
  ];
  expect(JSON.stringify(answers)).not.toContain("PRIVATE KEY");
});

test("a list comes in pages", () => {
  const ids = [generate(), generate(), generate()].map(({ clientCertificateId }) => clientCertificateId);
  const first = call("GetClientCertificates", { limit: 2 });
  const second = call("GetClientCertificates", { limit: 2, position: first.position });
  expect([...first.items, ...second.items].map((item) => item.clientCertificateId)).toEqual(ids);
  expect(second.position).toBeUndefined();
});

describe("a patch", () => {
  const update = (id: string, ...patchOperations: object[]) => ({
    clientCertificateId: id,
    patchOperations,
  });

  test("changes the description, or takes it away", () => {
    const { clientCertificateId: id } = generate({ description: "old" });
    expect(call("UpdateClientCertificate", update(id, replace("/description", "new")))).toMatchObject({
      description: "new",
      tags: {},
    });
    call("UpdateClientCertificate", update(id, replace("/description", "")));
    expect(get(id)).not.toHaveProperty("description");
  });

  test("changes nothing else", () => {
    const { clientCertificateId: id } = generate();
    expect(refused("UpdateClientCertificate", update(id, replace("/pemEncodedCertificate", "x")))).toBe(
      "BadRequestException: Invalid patch path /pemEncodedCertificate",
    );
    expect(refused("UpdateClientCertificate", update(id, { op: "remove", path: "/description" }))).toBe(
      "BadRequestException: Invalid patch operation specified. Must be one of: [replace]",
    );
  });
});

test("tags are those of creation and of the tag operations", () => {
  const { clientCertificateId: id } = generate({ tags: { team: "pets" } });
  const resourceArn = `arn:aws:apigateway:us-east-1::/clientcertificates/${id}`;
  call("TagResource", { resourceArn, tags: { stage: "dev" } });
  call("UntagResource", { resourceArn, tagKeys: ["team"] });
  expect(call("GetTags", { resourceArn })).toEqual({ tags: { stage: "dev" } });
  expect(get(id)).toMatchObject({ tags: { stage: "dev" } });
  expect(
    refused("GetTags", { resourceArn: "arn:aws:apigateway:us-east-1::/clientcertificates/nothing" }),
  ).toBe(unknown);
});

test("there are sixty at most", () => {
  for (let count = 0; count < 60; count++) generate();
  expect(refused("GenerateClientCertificate", { issued })).toBe(
    "LimitExceededException: Maximum number of Client Certificates for this account has been reached: 60",
  );
});

test.each(["GetClientCertificate", "UpdateClientCertificate", "DeleteClientCertificate"])(
  "%s of one that is not there is 404",
  (operation) => {
    expect(refused(operation, { clientCertificateId: "nothing" })).toBe(unknown);
  },
);

describe("a stage", () => {
  test("takes a certificate that is there, shows it, and publishes it", () => {
    const { clientCertificateId } = generate();
    const { restApiId, stage, patch } = createStage();
    expect(refused("UpdateStage", patch("nothing"))).toBe(unknown);
    expect(call("GetStage", stage)).not.toHaveProperty("clientCertificateId");
    expect(call("UpdateStage", patch(clientCertificateId))).toMatchObject({ clientCertificateId });
    expect(call("GetStage", stage)).toMatchObject({ clientCertificateId });
    expect(published.get(`stage/${restApiId}/dev`)).toMatchObject({ stage: { clientCertificateId } });
  });

  test("keeps its certificate from being deleted, until it has another or none", () => {
    const [old, fresh] = [generate(), generate()].map(({ clientCertificateId }) => clientCertificateId);
    const { restApiId, patch, stage } = createStage();
    call("UpdateStage", patch(old));
    expect(refused("DeleteClientCertificate", { clientCertificateId: old })).toBe(
      `BadRequestException: Cannot delete Client Certificate ${old} because there are API Stages associated with it, including ${restApiId}:dev`,
    );
    call("UpdateStage", patch(fresh));
    call("DeleteClientCertificate", { clientCertificateId: old });
    expect(refused("GetClientCertificate", { clientCertificateId: old })).toBe(unknown);
    call("UpdateStage", patch(""));
    expect(call("GetStage", stage)).not.toHaveProperty("clientCertificateId");
    call("DeleteClientCertificate", { clientCertificateId: fresh });
    expect(context.store.collection("clientcertificate-keys").list()).toEqual([]);
  });
});
