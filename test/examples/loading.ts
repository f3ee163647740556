/** Loads an example into a gateway as `npm run example` and the first start do. */
import { AwsClient } from "aws4fetch";
import { loadExample } from "../../scripts/load-example.ts";
import { credentials } from "../gateway.ts";

/** @returns where the API answers, without a slash at the end */
export async function load(
  name: string,
  origin: string,
  settings: { stageVariables?: Record<string, string>; dynamoDb?: string } = {},
): Promise<string> {
  const account = { region: "us-east-1", accountId: "000000000000" };
  const { url } = await loadExample(name, { origin, credentials, ...account, ...settings });
  return url;
}

const signer = new AwsClient({ ...credentials, service: "execute-api", region: "us-east-1", retries: 0 });

/** Sends a request as AWS_IAM wants it. */
export const signed = (url: string, init?: RequestInit): Promise<Response> => signer.fetch(url, init);

/** Status and body, which is JSON. */
export async function call(
  url: string,
  init: Omit<RequestInit, "body"> & { body?: object | string } = {},
): Promise<[number, unknown]> {
  const body = typeof init.body === "object" ? JSON.stringify(init.body) : init.body;
  const headers = { "content-type": "application/json", ...init.headers };
  const response = await fetch(url, { ...init, headers, body });
  return [response.status, await response.json()];
}
