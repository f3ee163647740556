/**
 * Parameters that a request must have. Sources: the guide's api-gateway-method-request-validation; recorded:
 * test_api_gateway_request_validator.
 */
import type { ParameterSource } from "../mapping/parameters.ts";
import { GatewayError } from "../rest/gateway-error.ts";

type Kind = "header" | "path" | "querystring";
type Source = Pick<ParameterSource, "request" | "query" | "pathParameters">;

/**
 * @param parameters `{prefix}{header|path|querystring}.{name}`; a header's name counts in any case
 * @param prefix such as `method.request.`
 * @returns what throws GatewayError 400 for a request that lacks one; undefined when none is required
 */
export function compileRequiredParameters(
  parameters: string[],
  prefix: string,
): ((source: Source) => void) | undefined {
  const required = parameters.sort().flatMap((parameter) => {
    const match = /^(header|path|querystring)\.(.+)$/.exec(parameter.slice(prefix.length));
    return match && parameter.startsWith(prefix)
      ? [{ kind: match[1] as Kind, name: match[2] as string }]
      : [];
  });
  if (required.length === 0) return undefined;
  return (source) => {
    const missing = required.filter(({ kind, name }) => !isPresent(kind, name, source));
    if (missing.length === 0) return;
    const names = missing.map(({ name }) => name).join(", ");
    const message = `Missing required request parameters: [${names}]`;
    throw new GatewayError("BAD_REQUEST_PARAMETERS", message).because(message);
  };
}

/** A blank one is not there, either. */
function isPresent(kind: Kind, name: string, { request, query, pathParameters }: Source): boolean {
  switch (kind) {
    case "header":
      return isFilled(request.headers.get(name));
    case "path":
      return Object.hasOwn(pathParameters, name) && isFilled(pathParameters[name]);
    case "querystring":
      return query.get(name)?.some(isFilled) ?? false;
  }
}

const isFilled = (value: string | null | undefined): boolean => (value ?? "").trim() !== "";
