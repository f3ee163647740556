/**
 * The event that a function is called with for an event on a connection. Sources: events as AWS sends them, which
 * tests of AWS's own libraries for functions have recorded; the guide's apigateway-websocket-api-mapping-template-reference.
 * The order of members is AWS's. It is written as text straight away, as a REST API's is.
 */
import { forwardedHeaders } from "../../connection.ts";
import { headerMaps, queryMaps } from "../../integrations/lambda-proxy-event.ts";
import type { RouteContext } from "./route-context.ts";

/** @returns the JSON text of the event */
export function lambdaProxyEvent(context: RouteContext): string {
  const { eventType, body } = context.event;
  const members = [...openingMembers(context), ...stageVariables(context), requestContext(context)];
  if (eventType === "MESSAGE") members.push(`"body":${JSON.stringify(body)}`);
  return `{${members.join(",")},"isBase64Encoded":false}`;
}

/** Of the request that opened the connection; at its end, what AWS has in their place. */
function openingMembers(context: RouteContext): string[] {
  const { eventType, opening } = context.event;
  if (eventType === "DISCONNECT") return disconnectHeaders(String(context.variable("domainName")));
  if (!opening) return [];
  const gatewayHeaders: [string, string][] = [
    ["x-amzn-trace-id", context.trace.request],
    ...forwardedHeaders(opening.headers, opening.connection),
  ];
  const headers = headerMaps(opening.headers, gatewayHeaders);
  const members = [`"headers":${headers.single}`, `"multiValueHeaders":${headers.multi}`];
  if (opening.query.size === 0) return members;
  const query = queryMaps(opening.query, "null");
  return [
    ...members,
    `"queryStringParameters":${query.single}`,
    `"multiValueQueryStringParameters":${query.multi}`,
  ];
}

function disconnectHeaders(domainName: string): string[] {
  const headers = { Host: domainName, "x-api-key": "", "X-Forwarded-For": "", "x-restapi": "" };
  const multi = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  return [`"headers":${JSON.stringify(headers)}`, `"multiValueHeaders":${JSON.stringify(multi)}`];
}

function stageVariables({ stage: { variables } }: RouteContext): string[] {
  for (const _ in variables) return [`"stageVariables":${JSON.stringify(variables)}`];
  return [];
}

const requestContext = ({ event }: RouteContext): string =>
  `"requestContext":${JSON.stringify(event.context)}`;
