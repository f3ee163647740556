import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { SignedRequest } from "../../src/signature/signed-request.ts";
import { checkScope, checkSignature, checkTime, readSignature } from "../../src/signature/sigv4.ts";
import vectors from "./sigv4-vectors.json" with { type: "json" };

/*
 * sigv4-vectors.json: the signed requests of AWS's published Signature Version 4 test suite (awslabs/aws-c-auth,
 * tests/aws-signing-test-suite/v4). Left out: paths that are not normalised before signing, as S3 alone signs
 * them, a presigned URL whose token was added after signing, and headers that are there twice or fold, which reach no Worker as they were sent.
 */
const secretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const emptyHash = createHash("sha256").digest("hex");
const signedAt = Date.UTC(2015, 7, 30, 12, 36, 0);

interface Vector extends Omit<SignedRequest, "headers"> {
  name: string;
  headers: string[][];
  body: string;
}

const requestOf = ({ method, path, query, headers }: Vector): SignedRequest => ({
  method,
  path,
  query,
  headers: new Headers(headers as [string, string][]),
});

const hashOf = (body: string) => createHash("sha256").update(body).digest("hex");

function check(vector: Vector, secret = secretAccessKey, change: Partial<SignedRequest> = {}): void {
  const request = { ...requestOf(vector), ...change };
  const signature = readSignature(request);
  checkTime(signature, signedAt);
  const { accessKeyId, sessionToken } = signature;
  const credential = { accessKeyId, secretAccessKey: secret, ...(sessionToken ? { sessionToken } : {}) };
  checkSignature(request, signature, credential, hashOf(vector.body));
}

test.each(vectors)("AWS's test vector is accepted: $name", (vector) => {
  check(vector);
});

test.each(vectors)("and is not under another secret: $name", (vector) => {
  expect(() => check(vector, "another secret")).toThrow("The request signature we calculated does not match");
});

const vanilla = vectors.find(({ name }) => name === "get-vanilla, header") as Vector;
const presigned = vectors.find(({ name }) => name === "get-vanilla, query") as Vector;

test("a signature holds for its own method, path, query and headers only", () => {
  const tampered: Partial<SignedRequest>[] = [
    { method: "DELETE" },
    { path: "/restapis" },
    { query: "limit=1" },
    {
      headers: new Headers([
        ...(vanilla.headers as [string, string][]).filter(([name]) => name !== "Host"),
        ["Host", "example.org"],
      ]),
    },
  ];
  for (const change of tampered)
    expect(() => check(vanilla, secretAccessKey, change)).toThrow("does not match");
});

test("a header of AWS's that is not signed is refused", () => {
  const headers = new Headers(vanilla.headers as [string, string][]);
  headers.set("x-amz-invocation-type", "DryRun");
  expect(() => check(vanilla, secretAccessKey, { headers })).toThrow(
    "'x-amz-invocation-type' must be a 'SignedHeader' in the AWS Authorization.",
  );
});

test("a session token must be the credential's own", () => {
  const vector = vectors.find(({ name }) => name === "get-vanilla-with-session-token, header") as Vector;
  const request = requestOf(vector);
  const signature = readSignature(request);
  expect(() =>
    checkSignature(request, signature, { accessKeyId: "AKIDEXAMPLE", secretAccessKey }, emptyHash),
  ).toThrow("The security token included in the request is invalid.");
});

test("clocks may differ by five minutes", () => {
  const signature = readSignature(requestOf(vanilla));
  checkTime(signature, signedAt + 300_000);
  checkTime(signature, signedAt - 300_000);
  expect(() => checkTime(signature, signedAt + 301_000)).toThrow(
    "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124101Z - 5 min.)",
  );
  expect(() => checkTime(signature, signedAt - 301_000)).toThrow(
    "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T123059Z + 5 min.)",
  );
});

test("a presigned URL holds for as long as it says", () => {
  const signature = readSignature(requestOf(presigned));
  checkTime(signature, signedAt + 3_600_000);
  expect(() => checkTime(signature, signedAt + 3_601_000)).toThrow("Signature expired: 20150830T133600Z");
});

test("a presigned URL that does not say how long holds for five minutes", () => {
  const query = presigned.query.replace(/&?X-Amz-Expires=\d+/, "");
  const signature = readSignature({ ...requestOf(presigned), query });
  checkTime(signature, signedAt + 300_000);
  expect(() => checkTime(signature, signedAt + 301_000)).toThrow("Signature expired: 20150830T123600Z");
});

test("a signature is for one region and one service", () => {
  const signature = readSignature(requestOf(vanilla));
  checkScope(signature, "us-east-1", "service");
  expect(() => checkScope(signature, "eu-west-1", "service")).toThrow(
    /^Credential should be scoped to a valid region\.$/,
  );
  expect(() => checkScope(signature, "eu-west-1", "execute-api")).toThrow(
    /^Credential should be scoped to a valid region\. Credential should be scoped to correct service: 'execute-api'\.$/,
  );
});

const withAuthorization = (authorization: string): SignedRequest => ({
  ...requestOf(vanilla),
  headers: new Headers({ host: "example.amazonaws.com", "x-amz-date": "20150830T123600Z", authorization }),
});

test.each([
  [
    "another scheme's token",
    "Bearer abc",
    "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '",
  ],
  [
    "one word",
    "allow",
    "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. (Hashed with SHA-256 and encoded with Base64) Authorization=",
  ],
  ["no parts", "AWS4-HMAC-SHA256 a=b", "Authorization header requires 'Credential' parameter."],
  [
    "another algorithm",
    "AWS4-HMAC-SHA1 Credential=A/20150830/us-east-1/service/aws4_request, SignedHeaders=host, Signature=00",
    "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1'",
  ],
  [
    "a short credential",
    "AWS4-HMAC-SHA256 Credential=A/B, SignedHeaders=host, Signature=00",
    "Credential must have exactly 5 slash-delimited elements",
  ],
  [
    "another terminator",
    "AWS4-HMAC-SHA256 Credential=A/20150830/us-east-1/service/x, SignedHeaders=host, Signature=00",
    "Credential should be scoped with a valid terminator: 'aws4_request', not 'x'.",
  ],
])("an Authorization header with %s says what is wrong", (_, authorization, message) => {
  expect(() => readSignature(withAuthorization(authorization))).toThrow(message);
});

test("a request without any signature lacks its token", () => {
  expect(() =>
    readSignature({ ...requestOf(vanilla), headers: new Headers({ host: "example.amazonaws.com" }) }),
  ).toThrow("Missing Authentication Token");
});
