// @connections: the gateway's way from a backend to a client.
import { AwsClient } from "aws4fetch";
import { credentials } from "./credentials.mjs";

const { AWS_ENDPOINT_URL, AWS_REGION } = process.env;
const client = new AwsClient({ ...credentials, service: "execute-api", region: AWS_REGION, retries: 2 });

/** GET says how a connection is, POST sends it a text. One that is not open is answered with 410. */
export function connection(method, { apiId, domainName, stage }, connectionId, body) {
  const endpoint = AWS_ENDPOINT_URL
    ? `${AWS_ENDPOINT_URL}/execute-api/${apiId}/${stage}`
    : `https://${domainName}/${stage}`;
  return client.fetch(`${endpoint}/@connections/${encodeURIComponent(connectionId)}`, { method, body });
}
