/**
 * Who calls, as an authorizer's identity sources say. Sources: the guide's
 * configure-api-gateway-lambda-authorization-with-console; V1 API reference, CreateAuthorizer.
 */
import { type IdentitySource, parseIdentitySources } from "../../definitions/identity-source.ts";
import type { Authorizer } from "../../definitions/rest-api.ts";
import { Pattern, PatternTooCostly } from "../../regex/pattern.ts";
import { textOfContext } from "../mapping/context-variable.ts";
import { GatewayError } from "../rest/gateway-error.ts";
import { authorizerError } from "./authorizer-call.ts";

/** What identity sources look into. */
export interface IdentifiedRequest {
  request: { headers: Headers };
  query: ReadonlyMap<string, readonly string[]>;
  stage: { variables: Readonly<Record<string, string>> };
  variable(name: string): unknown;
}

export interface Identity {
  expression: string;
  /** All of them: a function sees all values of a parameter, so all of them make the caller who it is. */
  values: readonly string[];
}

/**
 * @returns what reads the identity of a request; it throws GatewayError 401 when any source is missing or empty, or a
 *   token does not match the validation expression, and the function is not called then
 */
export function compileIdentity(authorizer: Authorizer): (request: IdentifiedRequest) => Identity[] {
  const sources = parseIdentitySources(authorizer.identitySource).filter((source) => source !== undefined);
  const isValid = compileValidation(authorizer);
  return (request) => {
    const identity = readIdentity(sources, request);
    if (!isValid(identity[0]?.values[0] ?? "")) throw unauthorized();
    return identity;
  };
}

/** @throws GatewayError 401 when any source is missing or empty */
export function readIdentity(sources: readonly IdentitySource[], request: IdentifiedRequest): Identity[] {
  return sources.map((source) => {
    const values = valuesOf(source, request);
    if (values.length === 0 || values.includes("")) throw unauthorized();
    return { expression: source.expression, values };
  });
}

const unauthorized = () => new GatewayError("UNAUTHORIZED", "Unauthorized");

function valuesOf({ kind, name }: IdentitySource, request: IdentifiedRequest): readonly string[] {
  switch (kind) {
    case "header":
      return single(request.request.headers.get(name));
    case "querystring":
      return request.query.get(name) ?? [];
    case "stageVariables":
      return single(Object.hasOwn(request.stage.variables, name) ? request.stage.variables[name] : null);
    case "context":
      return single(textOfContext(request, name));
  }
}

const single = (value: string | null | undefined): string[] => (value ? [value] : []);

/** Only tokens are validated; the expression matches all of the token, as Java's `matches` does. */
function compileValidation({ type, identityValidationExpression }: Authorizer): (token: string) => boolean {
  // Without its header a TOKEN authorizer has nothing to go by.
  if (type === "TOKEN" && !identityValidationExpression) return (token) => token !== "";
  if (type !== "TOKEN" || !identityValidationExpression) return () => true;
  const pattern = new Pattern(identityValidationExpression);
  return (token) => {
    try {
      return pattern.matches(token);
    } catch (error) {
      if (!(error instanceof PatternTooCostly)) throw error;
      throw authorizerError(error.message);
    }
  };
}
