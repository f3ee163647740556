/** The extensions at the document's root that are settings of the whole API, a function for each. */
import type { RestApi } from "../../definitions/rest-api.ts";
import type { ImportedSettings } from "./api-import.ts";
import type { OpenApiDocument } from "./document.ts";
import type { ImportReport } from "./import-report.ts";
import {
  compact,
  elements,
  integer,
  isObject,
  isTrue,
  type JsonObject,
  member,
  text,
  texts,
} from "./json.ts";

/** Bytes (the guide's api-gateway-openapi-minimum-compression-size). */
const LARGEST_COMPRESSION_SIZE = 10_485_760;

export function readSettings({ root, version }: OpenApiDocument, report: ImportReport): ImportedSettings {
  return compact({
    apiKeySource: readApiKeySource(root, report),
    binaryMediaTypes: readBinaryMediaTypes(root),
    minimumCompressionSize: readMinimumCompressionSize(root, report),
    policy: readPolicy(root),
    ...readEndpointConfiguration(version === "2.0" ? root : elements(root.servers)[0]),
  });
}

/** `x-amazon-apigateway-api-key-source`: where the API key is read from. */
function readApiKeySource(root: JsonObject, report: ImportReport): RestApi["apiKeySource"] | undefined {
  const source = member(root, "x-amazon-apigateway-api-key-source");
  if (source === undefined || source === "HEADER" || source === "AUTHORIZER") return source;
  report.error("Invalid API key source specified. Must be one of: [HEADER, AUTHORIZER]");
  return undefined;
}

/** `x-amazon-apigateway-binary-media-types`: a list of media types. */
function readBinaryMediaTypes(root: JsonObject): string[] | undefined {
  const types = member(root, "x-amazon-apigateway-binary-media-types");
  return Array.isArray(types) ? texts(types) : undefined;
}

/** `x-amazon-apigateway-minimum-compression-size`: bytes, 0 to 10 MB. */
function readMinimumCompressionSize(root: JsonObject, report: ImportReport): number | undefined {
  const size = member(root, "x-amazon-apigateway-minimum-compression-size");
  if (size === undefined || size === null) return undefined;
  const bytes = integer(size);
  if (bytes !== undefined && bytes >= 0 && bytes <= LARGEST_COMPRESSION_SIZE) return bytes;
  report.error("Invalid minimum compression size, must be between 0 and 10485760");
  return undefined;
}

/** `x-amazon-apigateway-policy`: the resource policy, an object. */
function readPolicy(root: JsonObject): string | undefined {
  const policy = member(root, "x-amazon-apigateway-policy");
  return isObject(policy) ? JSON.stringify(policy) : text(policy);
}

/**
 * `x-amazon-apigateway-endpoint-configuration`, which stands at the root of Swagger 2.0 and in a server of
 * OpenAPI 3.0 (the guide's api-gateway-swagger-extensions-endpoint-configuration).
 */
function readEndpointConfiguration(
  holder: unknown,
): Pick<ImportedSettings, "disableExecuteApiEndpoint" | "vpcEndpointIds"> {
  const configuration = member(holder, "x-amazon-apigateway-endpoint-configuration");
  const disabled = member(configuration, "disableExecuteApiEndpoint");
  const endpoints = member(configuration, "vpcEndpointIds");
  return {
    ...(disabled === undefined ? {} : { disableExecuteApiEndpoint: isTrue(disabled) }),
    ...(Array.isArray(endpoints) ? { vpcEndpointIds: texts(endpoints) } : {}),
  };
}
