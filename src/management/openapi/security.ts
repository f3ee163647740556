/**
 * `securityDefinitions` and `components.securitySchemes` with their extensions
 * (`x-amazon-apigateway-authorizer`, `-authtype`), and the `security` of an operation.
 */
import type { Authorizer } from "../../definitions/rest-api.ts";
import type { ImportedMethod } from "./api-import.ts";
import type { OpenApiDocument } from "./document.ts";
import type { ImportReport } from "./import-report.ts";
import { compact, elements, integer, type JsonObject, member, members, text, texts } from "./json.ts";
import { dereference } from "./references.ts";

type Scheme =
  | { kind: "authorizer"; authorizer: Omit<Authorizer, "id"> }
  | { kind: "iam" }
  | { kind: "apiKey" }
  /** One that API Gateway has no counterpart of (basic, oauth2): it guards nothing. */
  | { kind: "none" };

/** Security schemes by name. */
export type SecuritySchemes = ReadonlyMap<string, Scheme>;

export function readSecuritySchemes(
  { root, version }: OpenApiDocument,
  report: ImportReport,
): SecuritySchemes {
  const schemes =
    version === "2.0"
      ? member(root, "securityDefinitions")
      : member(member(root, "components"), "securitySchemes");
  return new Map(
    members(schemes).map(([name, scheme]) => [name, readScheme(name, dereference(root, scheme), report)]),
  );
}

export const authorizersOf = (schemes: SecuritySchemes): Omit<Authorizer, "id">[] =>
  [...schemes.values()].flatMap((scheme) => (scheme.kind === "authorizer" ? [scheme.authorizer] : []));

function readScheme(name: string, scheme: unknown, report: ImportReport): Scheme {
  if (member(scheme, "x-amazon-apigateway-authorizer") !== undefined) {
    const authorizer = readAuthorizer(name, scheme, report);
    return authorizer ? { kind: "authorizer", authorizer } : { kind: "none" };
  }
  // Reserved, as every value that starts with `aws` is (the guide's api-gateway-swagger-extensions-authtype).
  if (text(member(scheme, "x-amazon-apigateway-authtype"))?.toLowerCase() === "awssigv4")
    return { kind: "iam" };
  const isApiKey =
    member(scheme, "type") === "apiKey" &&
    member(scheme, "in") === "header" &&
    text(member(scheme, "name"))?.toLowerCase() === "x-api-key";
  return isApiKey ? { kind: "apiKey" } : { kind: "none" };
}

const authorizerTypes = new Map<string, Authorizer["type"]>([
  ["token", "TOKEN"],
  ["request", "REQUEST"],
  ["cognito_user_pools", "COGNITO_USER_POOLS"],
]);

/** The guide's api-gateway-swagger-extensions-authorizer. */
function readAuthorizer(
  name: string,
  scheme: unknown,
  report: ImportReport,
): Omit<Authorizer, "id"> | undefined {
  const extension = member(scheme, "x-amazon-apigateway-authorizer");
  const type = authorizerTypes.get(text(member(extension, "type"))?.toLowerCase() ?? "");
  if (!type) {
    report.error(`Unable to create authorizer '${name}': Invalid authorizer type specified`);
    return undefined;
  }
  const providerARNs = texts(member(extension, "providerARNs"));
  const isCognito = type === "COGNITO_USER_POOLS";
  // Tools write members that they leave empty.
  const filled = (name: string) => text(member(extension, name)) || undefined;
  return compact({
    name,
    type,
    providerARNs: providerARNs.length > 0 ? providerARNs : undefined,
    authType:
      text(member(scheme, "x-amazon-apigateway-authtype")) ?? (isCognito ? "cognito_user_pools" : "custom"),
    authorizerUri: filled("authorizerUri"),
    authorizerCredentials: filled("authorizerCredentials"),
    identitySource: filled("identitySource") ?? identitySourceOf(scheme),
    identityValidationExpression: filled("identityValidationExpression"),
    authorizerResultTtlInSeconds: integer(member(extension, "authorizerResultTtlInSeconds")),
  });
}

/** The parameter that the scheme itself names. Recorded: test_import_with_cognito_auth_identity_source. */
function identitySourceOf(scheme: unknown): string | undefined {
  const name = text(member(scheme, "name"));
  if (!name || name === "Unused") return undefined;
  return `method.request.${member(scheme, "in") === "query" ? "querystring" : "header"}.${name}`;
}

type Authorization = Pick<
  ImportedMethod,
  "authorizationType" | "authorizerName" | "authorizationScopes" | "apiKeyRequired"
>;

/**
 * How a method is guarded: by `x-amazon-apigateway-auth`, else by the operation's `security`, else by the
 * document's (Recorded: test_import_with_global_api_key_authorizer). Of several authorizers the last counts, as a
 * method has one.
 */
export function readAuthorization(
  root: JsonObject,
  operation: unknown,
  schemes: SecuritySchemes,
  report: ImportReport,
): Authorization {
  const authorization: Authorization = { authorizationType: "NONE", apiKeyRequired: false };
  const security = member(operation, "security") ?? member(root, "security");
  for (const [name, scopes] of elements(security).flatMap(members)) {
    const scheme = schemes.get(name);
    if (!scheme) report.warn(`Reference to security scheme '${name}' not found. Ignoring.`);
    else if (scheme.kind === "apiKey") authorization.apiKeyRequired = true;
    else if (scheme.kind === "iam") authorization.authorizationType = "AWS_IAM";
    else if (scheme.kind === "authorizer") {
      authorization.authorizationType =
        scheme.authorizer.type === "COGNITO_USER_POOLS" ? "COGNITO_USER_POOLS" : "CUSTOM";
      authorization.authorizerName = name;
      authorization.authorizationScopes = texts(scopes).length > 0 ? texts(scopes) : undefined;
    }
  }
  const auth = text(member(member(operation, "x-amazon-apigateway-auth"), "type"))?.toUpperCase();
  if (auth === "NONE" || auth === "AWS_IAM") {
    return { authorizationType: auth, apiKeyRequired: authorization.apiKeyRequired };
  }
  return compact(authorization);
}
