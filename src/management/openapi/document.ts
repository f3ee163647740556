/**
 * An OpenAPI document as text, JSON or YAML, read within bounds: whatever it holds, reading ends, and what is
 * read is small enough and shallow enough for everything after it to recurse into.
 */
import { badRequest } from "../protocol/service-error.ts";
import { elements, isObject, type JsonObject, member, text } from "./json.ts";
import { parseYaml } from "./yaml.ts";

export interface OpenApiDocument {
  version: "2.0" | "3.0";
  root: JsonObject;
}

/** What `${AWS::…}` stands for (the guide's import-api-aws-variables). */
export interface AwsVariables {
  accountId: string;
  region: string;
  partition: string;
}

/** Bounds of a document. */
export const limits = {
  /** Bytes (the guide's limits: "the maximum size of the API definition file is 6 MB"). */
  size: 6 * 1024 * 1024,
  /** Levels of arrays and objects; published APIs stay under 30. */
  depth: 100,
  /** Values, each alias of a YAML anchor counted as often as it is used. */
  values: 1_000_000,
} as const;

/** Recorded: test_import_api_bad_file. */
export const invalidInput = () => badRequest("Invalid OpenAPI input.");

/**
 * @param body the document, as bytes of UTF-8 or as text
 * @throws ServiceError BadRequestException, when it is too big, malformed, or neither Swagger 2.0 nor OpenAPI 3.0
 */
export function readDocument(body: unknown, variables: AwsVariables): OpenApiDocument {
  const root = parse(resolveVariables(textOf(body), variables));
  if (!isObject(root) || !isWithinBounds(root)) throw invalidInput();
  const swagger = text(member(root, "swagger")) ?? "";
  const openapi = text(member(root, "openapi")) ?? "";
  if (swagger === "2.0" || swagger === "2") return { version: "2.0", root };
  if (/^3\.0(\.\d+)?$/.test(openapi) || openapi === "3") return { version: "3.0", root };
  throw invalidInput();
}

function textOf(body: unknown): string {
  if (body instanceof Uint8Array) {
    if (body.byteLength > limits.size) throw invalidInput();
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(body);
    } catch {
      throw invalidInput();
    }
  }
  if (typeof body !== "string" || body.length > limits.size) throw invalidInput();
  return body;
}

function resolveVariables(source: string, variables: AwsVariables): string {
  const values: Record<string, string> = {
    AccountId: variables.accountId,
    Region: variables.region,
    Partition: variables.partition,
  };
  return source.replace(
    /\$\{AWS::(AccountId|Region|Partition)\}/g,
    (_, name: string) => values[name] as string,
  );
}

function parse(source: string): unknown {
  try {
    return source.trimStart().startsWith("{") ? JSON.parse(source) : parseYaml(source, limits.depth);
  } catch {
    throw invalidInput();
  }
}

/** Walks without recursion, since this is what makes recursion safe for all others. */
function isWithinBounds(root: JsonObject): boolean {
  let level: unknown[] = [root];
  let count = 0;
  for (let depth = 0; level.length > 0; depth++) {
    count += level.length;
    if (depth > limits.depth || count > limits.values) return false;
    const next: unknown[] = [];
    for (const value of level) {
      for (const child of isObject(value) ? Object.values(value) : elements(value)) next.push(child);
      if (next.length > limits.values) return false;
    }
    level = next;
  }
  return true;
}
