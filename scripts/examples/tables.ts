/** The tables of an example, in DynamoDB or a server like it. */
import { AwsClient } from "aws4fetch";
import { UserError } from "../user-error.ts";
import { dynamoDbOf, type ExampleOptions, type TableOfExample } from "./manifest.ts";

/** How long a table may take until it can be used, milliseconds. */
const patience = 60_000;

/** Makes those that are not there, and waits until they can be used. @throws UserError when one cannot be made */
export async function putTables(tables: TableOfExample[], options: ExampleOptions): Promise<void> {
  for (const table of tables) await putTable(table, options);
}

async function putTable({ name, key }: TableOfExample, options: ExampleOptions): Promise<void> {
  const created = await call(options, "CreateTable", {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: key, AttributeType: "S" }],
    KeySchema: [{ AttributeName: key, KeyType: "HASH" }],
  });
  const isThere = created.status === 400 && (await created.clone().text()).includes("ResourceInUseException");
  if (!created.ok && !isThere) throw await refused(created, name);
  const deadline = Date.now() + patience;
  for (;;) {
    const described = await call(options, "DescribeTable", { TableName: name });
    if (!described.ok) throw await refused(described, name);
    const { Table } = (await described.json()) as { Table: { TableStatus: string } };
    if (Table.TableStatus === "ACTIVE") return;
    if (Date.now() > deadline) throw new UserError(`The table ${name} is still ${Table.TableStatus}.`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const refused = async (response: Response, table: string) =>
  new UserError(`DynamoDB refuses the table ${table}: ${response.status} ${await response.text()}`);

async function call(options: ExampleOptions, action: string, input: object): Promise<Response> {
  const { region, credentials } = options;
  const url = dynamoDbOf(options);
  const client = new AwsClient({ ...credentials, region, service: "dynamodb", retries: 2 });
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": `DynamoDB_20120810.${action}`,
  };
  try {
    return await client.fetch(url, { method: "POST", headers, body: JSON.stringify(input) });
  } catch (error) {
    const { message, cause = message } = error as Error;
    throw new UserError(`Nothing answers at ${url}, where DynamoDB should be: ${cause}`);
  }
}
