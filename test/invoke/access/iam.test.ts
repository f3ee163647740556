/** What only shows without a gateway: there is one principal today, who may do everything; and signatures of any kind. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { authorize, authorizeIam } from "../../../src/invoke/access/iam.ts";
import { GatewayError } from "../../../src/invoke/rest/gateway-error.ts";
import { type Env, settingsOf } from "../../../src/settings.ts";
import { call, mock } from "../rest/api.ts";

const settings = settingsOf({
  AWS_ACCOUNT_ID: "123456789012",
  ROOT_ACCESS_KEY_ID: "AKIA",
  ROOT_SECRET_ACCESS_KEY: "secret",
} as Env);
const access = {
  action: "execute-api:Invoke",
  resource: "arn:aws:execute-api:us-east-1:123456789012:api1/dev/GET/",
  keys: () => undefined,
};
const root = {
  accountId: "123456789012",
  accessKeyId: "AKIA",
  arn: "arn:aws:iam::123456789012:root",
  userId: "123456789012",
};

test("the root user may do everything", () => {
  expect(() => authorize(root, access, settings)).not.toThrow();
});

test("whom no policy allows anything is told what is missing, and not the whole account", () => {
  const user = { ...root, arn: "arn:aws:iam::123456789012:user/ann" };
  expect(() => authorize(user, access, settings)).toThrow(
    "User: arn:aws:iam::123456789012:user/ann is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********9012:api1/dev/GET/ because no identity-based policy allows the execute-api:Invoke action",
  );
});

test.each([
  ["MISSING_AUTHENTICATION_TOKEN", {}],
  ["MISSING_AUTHENTICATION_TOKEN", { authorization: "Bearer abc" }],
  [
    "INVALID_SIGNATURE",
    {
      "x-amz-date": "20200101T000000Z",
      authorization:
        "AWS4-HMAC-SHA256 Credential=AKIA/20200101/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=0",
    },
  ],
] as const)("%s shapes its refusals", async (responseType, headers) => {
  const response = await call(
    {
      integration: mock(),
      method: { authorizationType: "AWS_IAM" },
      snapshot: { gatewayResponses: [{ responseType, statusCode: "418" }] },
    },
    { headers },
  );
  expect(response.status).toBe(418);
});

/** What reaches the check of the signature itself, with a timestamp of now. */
const now = () => new Date().toISOString().replace(/[-:]|\.\d{3}/g, "");
const credentialOf = (date: string) => `AKIA/${date.slice(0, 8)}/us-east-1/execute-api/aws4_request`;
const refusalOf = (request: Request) =>
  authorizeIam(request, async () => null, access, settings).then(
    () => undefined,
    (error: unknown) => error,
  );
const is403 = (error: unknown) => error instanceof GatewayError && error.status === 403;

const text = fc.string({ unit: "grapheme-ascii" });

test("whatever an Authorization header says, it is no error of the gateway's", () =>
  fc.assert(
    fc.asyncProperty(text, text, text, async (scheme, signedHeaders, signature) => {
      const date = now();
      const parts = `Credential=${credentialOf(date)}, SignedHeaders=host;x-amz-date;${signedHeaders}, Signature=${signature}`;
      for (const authorization of [scheme, `${scheme} ${signature}`, `AWS4-HMAC-SHA256 ${parts}`]) {
        const headers = { "x-amz-date": date, authorization };
        expect(is403(await refusalOf(new Request("https://a.test/", { headers })))).toBe(true);
      }
    }),
  ));

test("whatever a presigned URL says, neither", () =>
  fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "binary" }),
      fc.string(),
      fc.webQueryParameters(),
      async (a, b, rest) => {
        const date = now();
        const query = [
          "X-Amz-Algorithm=AWS4-HMAC-SHA256",
          `X-Amz-Credential=${encodeURIComponent(credentialOf(date))}`,
          `X-Amz-Date=${date}`,
          `X-Amz-SignedHeaders=host%3B${encodeURIComponent(a.toWellFormed())}`,
          `X-Amz-Signature=${encodeURIComponent(b)}`,
          rest,
        ].join("&");
        expect(is403(await refusalOf(new Request(`https://a.test/?${query}`)))).toBe(true);
      },
    ),
  ));
