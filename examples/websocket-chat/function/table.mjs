// The table of connections, in DynamoDB: its key is `connectionId`.
import { AwsClient } from "aws4fetch";
import { credentials } from "./credentials.mjs";

const { AWS_REGION, AWS_ENDPOINT_URL_DYNAMODB, TABLE_NAME } = process.env;
const endpoint = AWS_ENDPOINT_URL_DYNAMODB ?? `https://dynamodb.${AWS_REGION}.amazonaws.com`;
const client = new AwsClient({ ...credentials, service: "dynamodb", region: AWS_REGION, retries: 2 });

/** Milliseconds in which a connection opens, or does not: the longest time that its $connect may take. */
const opening = 30_000;

export const add = ({ connectionId, connectedAt, name }) =>
  call("PutItem", {
    Item: { connectionId: { S: connectionId }, connectedAt: { N: String(connectedAt) }, name: { S: name } },
  });

export const remove = (connectionId) => call("DeleteItem", { Key: { connectionId: { S: connectionId } } });

/** A connection that is being opened is 410 as well: it stays. */
export async function removeIfOpened({ connectionId, connectedAt }) {
  if (Date.now() - connectedAt > opening) await remove(connectionId);
}

/** Everyone, page by page. */
export async function all() {
  const items = [];
  let ExclusiveStartKey;
  do {
    const page = await call("Scan", {
      ConsistentRead: true,
      ...(ExclusiveStartKey && { ExclusiveStartKey }),
    });
    for (const { connectionId, connectedAt, name } of page.Items) {
      items.push({ connectionId: connectionId.S, connectedAt: Number(connectedAt.N), name: name.S });
    }
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return items;
}

async function call(action, input) {
  const response = await client.fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDB_20120810.${action}`,
    },
    body: JSON.stringify({ TableName: TABLE_NAME, ...input }),
  });
  if (!response.ok) throw new Error(`DynamoDB: ${response.status} ${await response.text()}`);
  return response.json();
}
