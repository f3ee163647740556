/**
 * The URI of an integration with a service of AWS: which service, and its path or action there.
 * Source: PutIntegration's `uri` in the API reference; the guide's integration-request-basic-setup.
 */
import { type AwsService, awsService } from "../../outbound/aws-services.ts";
import type { ParameterSource } from "../mapping/parameters.ts";
import { GatewayError } from "../rest/gateway-error.ts";
import { compileUriText, invalidEndpoint, type PathValues } from "./endpoint-uri.ts";

export interface AwsOperation {
  service: AwsService;
  subdomain: string | undefined;
  region: string;
  /** With its slash in front, percent-encoded. */
  path: string;
  /** Percent-encoded, may be empty. */
  query: string;
  /** Undefined for a path. */
  action: string | undefined;
}

/** @throws GatewayError 400 for a path that would lead elsewhere, 500 for a URI that names no service */
export type AwsOperationOf = (path: PathValues, context: Pick<ParameterSource, "stage">) => AwsOperation;

const uriForm = /^(.*?):(path|action)\/(.*)$/s;
const serviceForm = /^arn:aws[a-z-]*:apigateway:([a-z0-9-]+):(?:([A-Za-z0-9.-]+)\.)?([a-z0-9-]+)$/;
const dotSegment = /(?:^|\/|%2f)(?:\.|%2e){1,2}(?:\/|%2f|$)/i;

/**
 * @param uri `arn:aws:apigateway:{region}:{subdomain.service|service}:{path|action}/…`, with `${stageVariables.name}`
 *   in any place and `{name}` behind the first slash: a client's parameter never names the service or the bucket's host
 */
export function compileAwsUri(uri: string): AwsOperationOf {
  const [, head = "", kind, tail = ""] = uriForm.exec(uri) ?? [];
  if (kind === undefined) return invalid;
  const serviceText = compileUriText(head);
  const place = serviceText.constant === undefined ? undefined : parseService(head);
  if (serviceText.constant !== undefined && !place) return invalid;
  const [pathPart, queryPart] = kind === "action" ? ["", tail] : splitAt(tail, "?");
  const pathText = compileUriText(pathPart);
  const queryText = compileUriText(queryPart);
  return (path, context) => {
    const service = place ?? parseService(serviceText.fill(new Map(), context));
    if (!service) throw invalidEndpoint();
    const query = queryText.fill(forQuery(path), context);
    if (kind === "action") {
      const [action] = splitAt(query, "&");
      return { ...service, path: "/", query: `Action=${query}`, action };
    }
    const filled = pathText.fill(path, context);
    // The URL parser, or the service, would resolve them, and lead out of what the API lets its clients reach.
    if (dotSegment.test(filled)) throw new GatewayError("DEFAULT_4XX", "Bad Request");
    return { ...service, path: `/${filled.replace(/^\/+/, "")}`, query, action: undefined };
  };
}

const invalid: AwsOperationOf = () => {
  throw invalidEndpoint();
};

function parseService(head: string): Pick<AwsOperation, "service" | "subdomain" | "region"> | undefined {
  const [, region, subdomain, name] = serviceForm.exec(head) ?? [];
  if (region === undefined || name === undefined) return undefined;
  const service = awsService(name);
  return { service, subdomain, region: service.globalRegion ?? region };
}

function splitAt(text: string, separator: string): [before: string, after: string] {
  const index = text.indexOf(separator);
  return index === -1 ? [text, ""] : [text.slice(0, index), text.slice(index + 1)];
}

/** A path may hold as it is what would end a parameter in a query string. */
function forQuery(path: PathValues): PathValues {
  const values = new Map<string, { value: string; isEncoded: boolean }>();
  for (const [name, { value, isEncoded }] of path) {
    values.set(name, { value: isEncoded ? value.replace(/[&=+#?]/g, encodeURIComponent) : value, isEncoded });
  }
  return values;
}
