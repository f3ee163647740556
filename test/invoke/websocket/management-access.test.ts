import { AwsV4Signer } from "aws4fetch";
import { expect, test } from "vitest";
import { authorizeManagement } from "../../../src/invoke/websocket/management-access.ts";
import { type Env, settingsOf } from "../../../src/settings.ts";
import { credentials } from "../../gateway.ts";
import { refusalOr } from "./connecting.ts";

const settings = settingsOf({
  ROOT_ACCESS_KEY_ID: credentials.accessKeyId,
  ROOT_SECRET_ACCESS_KEY: credentials.secretAccessKey,
} as Env);
const place = { apiId: "api1", stageName: "prod", connectionId: "R0oXAdfD0kwCH6w=" };
/** As the SDK and the guide write it: the `@` may be encoded, the padding is. */
const url = "https://chat.test/prod/%40connections/R0oXAdfD0kwCH6w%3D";

async function post(body: string, sent = body, service = "execute-api") {
  const options = { ...credentials, region: "us-east-1", service, url, method: "POST", body };
  const { headers } = await new AwsV4Signer(options).sign();
  const request = new Request(url, { method: "POST", headers, body: sent });
  const payload = async () => new Uint8Array(await request.arrayBuffer());
  return refusalOr(async () => (await authorizeManagement(request, payload, place, settings)).arn);
}

test("a signed request to @connections is its signer's", async () => {
  expect(await post("hello")).toBe("arn:aws:iam::000000000000:root");
});

test("what was not signed, or for another service, is refused", async () => {
  expect(await post("hello", "hallo")).toMatch(/^403 InvalidSignatureException The request signature /);
  expect(await post("hello", "hello", "apigateway")).toBe(
    "403 InvalidSignatureException Credential should be scoped to correct service: 'execute-api'.",
  );
  const unsigned = () => authorizeManagement(new Request(url), async () => null, place, settings);
  expect(await refusalOr(unsigned)).toBe(
    "403 MissingAuthenticationTokenException Missing Authentication Token",
  );
});
