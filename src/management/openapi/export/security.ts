/** Authorizers, API keys and IAM as security schemes, and what a method requires of them. */
import type { RestSnapshot } from "../../../definitions/published.ts";
import type { Authorizer, Method } from "../../../definitions/rest-api.ts";
import { compact } from "../json.ts";
import type { ExportOptions } from "./write-openapi.ts";

const API_KEY = "api_key";
const SIGV4 = "sigv4";

export function writeSecuritySchemes(
  { resources, authorizers }: RestSnapshot,
  { extensions }: ExportOptions,
): object | undefined {
  const methods = resources.flatMap(({ resourceMethods }) => Object.values(resourceMethods ?? {}));
  const schemes = authorizers.map((authorizer): [string, object] => [
    authorizer.name,
    writeAuthorizer(authorizer, extensions.authorizers),
  ]);
  if (methods.some(({ apiKeyRequired }) => apiKeyRequired)) {
    schemes.push([API_KEY, { type: "apiKey", name: "x-api-key", in: "header" }]);
  }
  if (methods.some(({ authorizationType }) => authorizationType === "AWS_IAM")) {
    schemes.push([
      SIGV4,
      { type: "apiKey", name: "Authorization", in: "header", "x-amazon-apigateway-authtype": "awsSigv4" },
    ]);
  }
  return schemes.length > 0 ? Object.fromEntries(schemes) : undefined;
}

/** A single header or query parameter names the scheme; anything else leaves it "Unused", as the guide has it. */
function writeAuthorizer(authorizer: Authorizer, extensions: boolean): object {
  const source = /^method\.request\.(header|querystring)\.([^,\s]+)$/.exec(authorizer.identitySource ?? "");
  const scheme = {
    type: "apiKey",
    name: source?.[2] ?? "Unused",
    in: source?.[1] === "querystring" ? "query" : "header",
  };
  if (!extensions) return scheme;
  const { name: _name, id: _id, authType, type, identitySource, ...rest } = authorizer;
  return compact({
    ...scheme,
    "x-amazon-apigateway-authtype": authType,
    "x-amazon-apigateway-authorizer": compact({
      ...rest,
      // The scheme says it already, unless the type is the one whose sources are listed.
      identitySource: type === "REQUEST" ? identitySource : undefined,
      type: type.toLowerCase(),
    }),
  });
}

export function writeSecurity(method: Method, authorizers: Authorizer[]): object[] | undefined {
  const authorizer = authorizers.find(({ id }) => id === method.authorizerId);
  const security = [
    ...(authorizer ? [{ [authorizer.name]: method.authorizationScopes ?? [] }] : []),
    ...(method.authorizationType === "AWS_IAM" ? [{ [SIGV4]: [] }] : []),
    ...(method.apiKeyRequired ? [{ [API_KEY]: [] }] : []),
  ];
  return security.length > 0 ? security : undefined;
}
