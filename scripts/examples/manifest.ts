/** `example.json`: what there is in a folder of examples/ besides its OpenAPI file. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../user-error.ts";

const examples = join(import.meta.dirname, "../../examples");

export interface Manifest {
  stage: string;
  functions?: FunctionOfExample[];
  /** `{name}` stands for where the example of that name answers, without its scheme; it is loaded if need be. */
  stageVariables?: Record<string, string>;
  /** In place of an OpenAPI file: WebSocket APIs have none. */
  webSocketApi?: WebSocketApiOfExample;
  tables?: TableOfExample[];
  /** An HTML file, from the example's folder, that takes the API's URL behind `#`. */
  page?: string;
}

export interface FunctionOfExample {
  name: string;
  description: string;
  handler: string;
  /** Its code, from the example's folder; what it imports goes with it. */
  code: string;
  /** `$NAME` stands for a setting: an `export` line of whoever loads the example. */
  environment?: Record<string, string>;
  /** Seconds; 3 without it, as on AWS. */
  timeout?: number;
}

export interface WebSocketApiOfExample {
  name: string;
  description: string;
  routeSelectionExpression: string;
  /** Route keys, each with the function that is called. */
  routes: Record<string, string>;
}

/** A table of DynamoDB, whose items have one text as their key. */
export interface TableOfExample {
  name: string;
  key: string;
}

export interface ExampleOptions {
  /** Scheme, host and port of the gateway. */
  origin: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  region: string;
  accountId: string;
  /** In place of those of the manifest. */
  stageVariables?: Record<string, string>;
  /** URL of DynamoDB, or of a server like it, for examples with tables. */
  dynamoDb?: string;
}

/** Path of a file of an example. */
export const fileOf = (example: string, file: string) => join(examples, example, file);

/** @throws UserError when there is no such example */
export async function manifestOf(example: string): Promise<Manifest> {
  try {
    // A name and no path: `..` leads nowhere.
    if (/^[a-z0-9-]+$/.test(example)) {
      return JSON.parse(await readFile(fileOf(example, "example.json"), "utf8"));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  throw new UserError(`There is no example ${JSON.stringify(example)}.`);
}

/** @throws UserError when it is not set */
export function dynamoDbOf({ dynamoDb }: ExampleOptions): string {
  if (dynamoDb) return dynamoDb;
  throw new UserError(
    "AWS_ENDPOINT_URL_DYNAMODB is not set: this example needs a DynamoDB. The example's README starts one.",
  );
}

export const isNamed = (error: unknown, name: string) => error instanceof Error && error.name === name;
