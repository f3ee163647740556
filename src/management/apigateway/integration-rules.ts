/**
 * What an integration and its responses may say. Recorded: test_put_integration_validation,
 * test_put_integration_aws_proxy_uri, test_integration_response_invalid_responsetemplates.
 */
import { parseRequestSource, parseResponseTarget } from "../../definitions/parameter-mapping.ts";
import type {
  Integration,
  IntegrationResponse,
  IntegrationType,
  Method,
} from "../../definitions/rest-api.ts";
import { Pattern } from "../../regex/pattern.ts";
import { badRequest, notFound } from "../protocol/service-error.ts";
import {
  mappingFault,
  refuseFaults,
  requestMappingFault,
  responseMappingFault,
} from "./mapping-expressions.ts";
import { type EntryRules, text } from "./patch.ts";

/** Milliseconds. */
export const defaultTimeout = 29_000;
/** Milliseconds that a streamed response may take (the guide's response-transfer-mode). */
const longestStream = 900_000;

/** @throws ServiceError BadRequestException for the first rule that the integration breaks */
export function checkIntegration(integration: Integration, method: Method): void {
  const { type, httpMethod, uri, timeoutInMillis, responseTransferMode } = integration;
  if (type !== "MOCK") {
    if (!httpMethod) throw badRequest("Enumeration value for HttpMethod must be non-empty");
    checkIntegrationUri(type, uri ?? "");
  }
  const isStreaming = responseTransferMode === "STREAM";
  if (isStreaming && type !== "HTTP_PROXY" && type !== "AWS_PROXY") {
    throw badRequest(
      "Response transfer mode STREAM is only supported for HTTP_PROXY and AWS_PROXY integrations",
    );
  }
  const longest = isStreaming ? longestStream : defaultTimeout;
  if (timeoutInMillis < 50 || timeoutInMillis > longest) {
    throw badRequest(`Timeout should be between 50 ms and ${longest} ms`);
  }
  checkTemplates(integration.requestTemplates);
  checkRequestMappings(integration.requestParameters, method);
  checkCacheKey(integration.cacheKeyParameters, method);
}

/**
 * V1 API reference, `cacheKeyParameters`: "these parameters must also be specified for Method requestParameters". The
 * text is AWS's as its users report it.
 */
function checkCacheKey(names: string[], { requestParameters = {} }: Method): void {
  if (names.every((name) => Object.hasOwn(requestParameters, name))) return;
  throw badRequest("Invalid cache key parameter specified");
}

const httpUri = /^(?:https?:\/\/[^\s/?#]+|\$\{stageVariables\.\w+\})[^\s]*$/;
const awsUri = /^arn:aws[a-z-]*:apigateway:[^:]*:[^:]+:(?:path|action)\/.+$/s;
const lambdaUri =
  /:lambda:path\/+(?:2015-03-31\/functions\/.+\/invocations|2021-11-15\/functions\/.+\/response-streaming-invocations)\/?$/;
const firehoseUri = /:firehose:action\/PutRecord(?:Batch)?$/;

/** The texts are recorded; the one for none is AWS's as its users report it. @throws ServiceError BadRequestException */
export function checkIntegrationUri(type: IntegrationType, uri: string): void {
  if (!uri) throw badRequest("Invalid integration URI specified");
  if (type === "HTTP" || type === "HTTP_PROXY") {
    if (!httpUri.test(uri)) throw badRequest("Invalid HTTP endpoint specified for URI");
    return;
  }
  if (!uri.startsWith("arn:")) throw badRequest("Invalid ARN specified in the request");
  if (!awsUri.test(uri)) throw badRequest("AWS ARN for integration must contain path or action");
  if (type === "AWS_PROXY" && !lambdaUri.test(uri) && !firehoseUri.test(uri)) {
    throw badRequest(
      "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
    );
  }
}

/** What a mapping takes from the request must be a parameter that the method declares. */
function checkRequestMappings(mappings: Record<string, string> | undefined, method: Method): void {
  refuseFaults(
    Object.entries(mappings ?? {}),
    (mapping) => requestMappingFault(mapping, parseRequestSource) ?? undeclaredFault(mapping[1], method),
  );
}

function undeclaredFault(text: string, { requestParameters = {} }: Method): string | undefined {
  const [, start, name] =
    /^(method\.request\.)(?:multivalue)?((?:path|querystring|header)\..+)$/.exec(text) ?? [];
  if (start === undefined || Object.hasOwn(requestParameters, `${start}${name}`)) return undefined;
  return undeclared(text);
}

const undeclared = (parameter: string) => `Invalid mapping expression parameter specified: ${parameter}`;

/** @throws ServiceError BadRequestException for the first rule that the response breaks */
export function checkIntegrationResponse(response: IntegrationResponse, method: Method): void {
  checkTemplates(response.responseTemplates);
  checkSelectionPattern(response.selectionPattern);
  const mappings = Object.entries(response.responseParameters ?? {});
  const methodResponse = method.methodResponses?.[response.statusCode];
  // AWS's text, as its users report it.
  if (mappings.length > 0 && !methodResponse) throw mappingFault("No method response exists for method.");
  const declared = methodResponse?.responseParameters ?? {};
  refuseFaults(mappings, (mapping) => {
    const fault = responseMappingFault(mapping, parseResponseTarget);
    if (fault !== undefined) return fault;
    return Object.hasOwn(declared, mapping[0]) ? undefined : undeclared(mapping[0]);
  });
}

/** The text is AWS's as its users report it. @throws ServiceError BadRequestException */
export function checkSelectionPattern(pattern: string | undefined): void {
  if (!pattern) return;
  try {
    new Pattern(pattern);
  } catch (error) {
    if (error instanceof SyntaxError) throw badRequest("Invalid regex pattern specified");
    throw error;
  }
}

const contentType = /^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+(?:\s*;.*)?$/;
/** The guide's api-gateway-known-issues: "The maximum size of a mapping template is 300 KB". */
const largestTemplate = 307_200;

/** @throws ServiceError BadRequestException */
export function checkContentType(type: string): void {
  if (contentType.test(type)) return;
  throw badRequest(`Validation Result: warnings : [], errors : [Invalid content type specified: ${type}]`);
}

function checkTemplates(templates: Record<string, string | null> | undefined): void {
  for (const [type, template] of Object.entries(templates ?? {})) {
    checkContentType(type);
    if ((template?.length ?? 0) > largestTemplate) {
      throw badRequest(`Mapping template exceeds maximum size of ${largestTemplate} bytes`);
    }
  }
}

/** How parameter mappings are patched, by what they map to. */
export const mappingEntries: EntryRules<string> = {
  parse: text,
  absent: () => notFound("Invalid parameter name specified"),
  dropEmpty: true,
};

/** How templates are patched, by content type. */
export const templateEntries: EntryRules<string | null> = {
  parse: (value) => value || null,
  absent: () => notFound("Content-Type specified was not found"),
  dropEmpty: true,
};

/** An empty template is shown as null. Recorded: test_put_integration_response_templates. */
export function templatesOf(
  templates: Record<string, string | null> | undefined,
): Record<string, string | null> | undefined {
  return (
    templates && Object.fromEntries(Object.entries(templates).map(([type, text]) => [type, text || null]))
  );
}
