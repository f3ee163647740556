/** `x-amazon-apigateway-integration` (the guide's api-gateway-swagger-extensions-integration and its parts). */
import type {
  ContentHandling,
  IntegrationResponse,
  IntegrationType,
  PassthroughBehavior,
} from "../../definitions/rest-api.ts";
import { badRequest } from "../protocol/service-error.ts";
import type { ImportedIntegration } from "./api-import.ts";
import type { ImportReport } from "./import-report.ts";
import { compact, isObject, isTrue, member, members, text, texts } from "./json.ts";

/** The method whose integration is read, as messages name it. */
export interface MethodPlace {
  path: string;
  httpMethod: string;
}

const types: readonly string[] = [
  "HTTP",
  "AWS",
  "MOCK",
  "HTTP_PROXY",
  "AWS_PROXY",
] satisfies IntegrationType[];
const passthroughBehaviors: readonly string[] = [
  "WHEN_NO_MATCH",
  "WHEN_NO_TEMPLATES",
  "NEVER",
] satisfies PassthroughBehavior[];
const contentHandlings: readonly string[] = [
  "CONVERT_TO_BINARY",
  "CONVERT_TO_TEXT",
] satisfies ContentHandling[];
const DEFAULT_TIMEOUT_MILLIS = 29_000;

/**
 * @param extension the integration, dereferenced; undefined when the operation has none
 * @throws ServiceError BadRequestException when it cannot be one
 */
export function readIntegration(
  extension: unknown,
  place: MethodPlace,
  report: ImportReport,
): ImportedIntegration | undefined {
  if (extension === undefined) return undefined;
  const type = upperCase(member(extension, "type"), types) as IntegrationType | undefined;
  if (!isObject(extension) || !type) {
    throw badRequest(
      `Unable to parse API definition because of a malformed integration at path ${place.path}.`,
    );
  }
  const isHttp = type === "HTTP" || type === "HTTP_PROXY";
  const connectionType = upperCase(extension.connectionType, ["INTERNET", "VPC_LINK"]);
  return compact({
    type,
    // A mock calls nobody. Recorded: test_import_with_http_method_integration.
    httpMethod: type === "MOCK" ? undefined : readHttpMethod(extension.httpMethod),
    uri: type === "MOCK" ? undefined : text(extension.uri),
    connectionType: (connectionType ??
      (isHttp ? "INTERNET" : undefined)) as ImportedIntegration["connectionType"],
    connectionId: text(extension.connectionId),
    credentials: text(extension.credentials),
    requestParameters: readTexts(extension, "requestParameters", place, report),
    requestTemplates: readTexts(extension, "requestTemplates", place, report),
    passthroughBehavior: (upperCase(extension.passthroughBehavior, passthroughBehaviors) ??
      "WHEN_NO_MATCH") as PassthroughBehavior,
    contentHandling: readContentHandling(extension.contentHandling),
    timeoutInMillis: readTimeout(extension.timeoutInMillis),
    cacheNamespace: text(extension.cacheNamespace),
    cacheKeyParameters: texts(extension.cacheKeyParameters),
    integrationResponses: readIntegrationResponses(extension, place, report),
    tlsConfig: readTlsConfig(extension.tlsConfig),
    responseTransferMode: upperCase(extension.responseTransferMode, [
      "BUFFERED",
      "STREAM",
    ]) as ImportedIntegration["responseTransferMode"],
    integrationTarget: text(extension.integrationTarget),
  });
}

const upperCase = (value: unknown, allowed: readonly string[]): string | undefined => {
  const upper = text(value)?.toUpperCase();
  return upper !== undefined && allowed.includes(upper) ? upper : undefined;
};

/** `x-amazon-apigateway-any-method` is how an export writes ANY. */
function readHttpMethod(value: unknown): string | undefined {
  const method = text(value);
  return method === "x-amazon-apigateway-any-method" ? "ANY" : method?.toUpperCase();
}

const readContentHandling = (value: unknown) =>
  upperCase(value, contentHandlings) as ContentHandling | undefined;

function readTimeout(value: unknown): number {
  const millis = Number(text(value));
  return Number.isInteger(millis) ? millis : DEFAULT_TIMEOUT_MILLIS;
}

function readTlsConfig(value: unknown): ImportedIntegration["tlsConfig"] {
  const insecure = member(value, "insecureSkipVerification");
  return insecure === undefined ? undefined : { insecureSkipVerification: isTrue(insecure) };
}

/**
 * A map of texts; another value in it is left out with a warning.
 * Recorded: test_import_rest_api_with_base_path_oas30, `put-rest-api-oas30-srv-url`.
 */
function readTexts(
  holder: unknown,
  property: "requestParameters" | "requestTemplates" | "responseParameters" | "responseTemplates",
  { path, httpMethod }: MethodPlace,
  report: ImportReport,
): Record<string, string> | undefined {
  const found = members(member(holder, property)).filter((entry): entry is [string, string] => {
    const [name, value] = entry;
    if (typeof value === "string") return true;
    report.warn(
      `Invalid format for '${property}'. Expected type string for property '${name}' of resource '${path}' and method '${httpMethod}' but got '${text(value) ?? JSON.stringify(value)}'`,
    );
    return false;
  });
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

/** Responses stand under their selection patterns; `default` is the one without. */
function readIntegrationResponses(
  extension: unknown,
  place: MethodPlace,
  report: ImportReport,
): Record<string, IntegrationResponse> | undefined {
  const responses = members(member(extension, "responses")).map(([pattern, response]) =>
    compact({
      statusCode: text(member(response, "statusCode")) ?? "200",
      selectionPattern: pattern === "default" ? undefined : pattern,
      responseParameters: readTexts(response, "responseParameters", place, report),
      responseTemplates: readTexts(response, "responseTemplates", place, report),
      contentHandling: readContentHandling(member(response, "contentHandling")),
    }),
  );
  return responses.length > 0
    ? Object.fromEntries(responses.map((response) => [response.statusCode, response]))
    : undefined;
}
