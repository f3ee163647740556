/**
 * Which headers an integration is sent and which of its headers reach the client, by type of integration.
 * Sources: the guide's api-gateway-known-issues (its table of dropped and remapped headers), and, where answers
 * of AWS were recorded, those: test_apigateway_header_remapping_http, test_apigateway_header_remapping_aws,
 * test_http_integration_with_lambda. All names here are lower-case; look them up so.
 */
import type { IntegrationType } from "../../definitions/rest-api.ts";

type Names = ReadonlySet<string>;

export interface HeaderRules {
  /**
   * A client's headers that a proxy integration does not pass on. (The other types pass none on unless they are
   * mapped.) Includes `droppedFromRequests`.
   */
  notPassedOn: Names;
  /** Mapped to the integration by a parameter or a template: left out, without an error. */
  notMapped: Names;
  /** Mapped to the integration by a parameter: the request is refused, 500 "Internal server error". */
  illegalToMap: Names;
  /** Headers of the integration's answer, or mapped ones, that the client does not get. */
  droppedFromResponses: Names;
  /** Those that the client gets as `x-amzn-Remapped-{name}`. */
  remappedInResponses: Names;
}

const names = (...lists: (string | Names)[]): Names =>
  new Set(lists.flatMap((list) => (typeof list === "string" ? list.split(" ") : [...list])));

/** A client's headers that no step after the entrance sees: neither integrations nor `$input.params()`. */
export const droppedFromRequests: Names = names(
  "connection content-length content-md5 expect max-forwards proxy-authenticate server te trailer",
  "transfer-encoding upgrade www-authenticate",
);

const illegalToMap = names("content-length transfer-encoding x-amzn-trace-id x-amzn-apigateway-api-id");
const illegalToMapToAws = names(illegalToMap, "authorization connection expect proxy-authenticate te");

const remappedCommon = names(
  "authorization connection content-length content-md5 date max-forwards server user-agent www-authenticate",
);

/** Answers of a proxy integration: the guide's table, and `x-amzn-requestid` as recorded for HTTP_PROXY. */
const proxyResponses = {
  droppedFromResponses: names("expect host proxy-authenticate te trailer transfer-encoding upgrade via"),
  remappedInResponses: names(remappedCommon, "x-amzn-requestid"),
};

/** Recorded: mapped response headers that the table calls dropped are remapped, and TE and Via stay. */
const mappedResponses = {
  droppedFromResponses: names("transfer-encoding"),
  remappedInResponses: names(remappedCommon, "expect host proxy-authenticate trailer upgrade"),
};

const http = { notMapped: names("connection expect proxy-authenticate te via"), illegalToMap };
const aws = { notMapped: names("expect proxy-authenticate referer te"), illegalToMap: illegalToMapToAws };

export const headerRules: Readonly<Record<IntegrationType, HeaderRules>> = {
  MOCK: { notPassedOn: droppedFromRequests, ...http, ...mappedResponses },
  HTTP: { notPassedOn: droppedFromRequests, ...http, ...mappedResponses },
  HTTP_PROXY: {
    notPassedOn: names(droppedFromRequests, "host content-encoding via"),
    ...http,
    ...proxyResponses,
  },
  AWS: { notPassedOn: droppedFromRequests, ...aws, ...mappedResponses },
  AWS_PROXY: { notPassedOn: droppedFromRequests, ...aws, ...proxyResponses },
};

/**
 * The name under which a header of the integration's answer reaches the client.
 * @param name as the integration or the mapping wrote it; its casing is kept
 * @returns undefined when the client does not get it
 */
export function responseHeaderName(name: string, rules: HeaderRules): string | undefined {
  const lower = name.toLowerCase();
  if (rules.remappedInResponses.has(lower)) return `x-amzn-Remapped-${name}`;
  return rules.droppedFromResponses.has(lower) ? undefined : name;
}

/**
 * Whether an `Authorization` header's value is a Signature Version 4, which no integration is passed.
 * Source: the note under the guide's table.
 */
export const isSignature = (authorization: string): boolean => authorization.startsWith("AWS4-HMAC-SHA256");

// As RFC 9110 has it: a name is a token, a value has no control characters but tab. (workerd sends what is not
// ASCII as UTF-8.)
const legalName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
const illegalInValue = /[\0-\x08\x0a-\x1f\x7f]/;

/** Whether a header can be sent as it is: no CR, LF or other character that could end it and begin another. */
export const isLegalHeader = (name: string, value: string): boolean =>
  legalName.test(name) && !illegalInValue.test(value);
