/**
 * The method request: what of a request is checked before any integration sees it.
 * Sources: the guide's api-gateway-method-request-validation; recorded: test_api_gateway_request_validator.
 */
import type { Method, Model, Resource, RestApi } from "../../definitions/rest-api.ts";
import { PatternTooCostly } from "../../regex/pattern.ts";
import { compileApiKey } from "../access/api-key.ts";
import { conditionKeysOf } from "../access/condition-keys.ts";
import { authorizeIam } from "../access/iam.ts";
import { compileLambdaAuthorizer } from "../access/lambda-authorizer.ts";
import { methodArnOf } from "../access/method-arn.ts";
import { compileAdmission } from "../limits/admission.ts";
import { type Json, parseJson } from "../validation/json.ts";
import { compileSchema, type Validator } from "../validation/schema.ts";
import type { CompiledApi } from "./compiled-api.ts";
import type { RestContext } from "./context.ts";
import { GatewayError } from "./gateway-error.ts";

/** @throws GatewayError */
export type RequestCheck = (context: RestContext) => void | Promise<void>;

/** The checks that this method needs, in their order: who asks, whether it is too much, whether it is right. */
export function compileMethodRequest(api: CompiledApi, resource: Resource, method: Method): RequestCheck[] {
  const { snapshot } = api;
  const authorize = authorizationOf(api, method);
  const refusal = refusalOf(snapshot.api, method, authorize !== undefined);
  if (refusal) return [refusal];
  const access = [
    ...(authorize ? [authorize] : []),
    ...(method.apiKeyRequired ? [compileApiKey(snapshot.api.apiKeySource)] : []),
    compileAdmission(resource, method),
  ];
  const validator = snapshot.requestValidators.find(({ id }) => id === method.requestValidatorId);
  if (!validator) return access;
  return [
    ...access,
    ...(validator.validateRequestParameters ? requiredParameters(method) : []),
    ...(validator.validateRequestBody ? bodyValidation(snapshot.apiId, method, snapshot.models) : []),
  ];
}

/** By the caller's signature, or by the method's authorizer; undefined when it has none that is a function. */
function authorizationOf(
  { snapshot, isEdge }: CompiledApi,
  { authorizationType, authorizerId }: Method,
): RequestCheck | undefined {
  if (authorizationType === "AWS_IAM") return authorizeSigner;
  if (authorizationType !== "CUSTOM") return undefined;
  const authorizer = snapshot.authorizers.find(({ id }) => id === authorizerId);
  return authorizer && authorizer.type !== "COGNITO_USER_POOLS"
    ? compileLambdaAuthorizer(authorizer, isEdge)
    : undefined;
}

async function authorizeSigner(context: RestContext): Promise<void> {
  const { signed } = context;
  const payload = async () => (signed ? signed.payload : context.payload());
  const access = {
    action: "execute-api:Invoke",
    resource: methodArnOf(context),
    keys: conditionKeysOf(context),
  };
  context.principal = await authorizeIam(
    signed?.request ?? context.request,
    payload,
    access,
    context.settings,
  );
}

/**
 * What is not carried out yet is refused as AWS refuses a request that fails it: a method that should be protected is
 * never open.
 */
function refusalOf(
  { policy }: Pick<RestApi, "policy">,
  { authorizationType }: Method,
  isAuthorized: boolean,
): RequestCheck | undefined {
  if (authorizationType !== "NONE" && !isAuthorized) {
    return () => {
      throw new GatewayError("UNAUTHORIZED", "Unauthorized");
    };
  }
  if (policy) {
    return (context) => {
      throw new GatewayError(
        "ACCESS_DENIED",
        `User: anonymous is not authorized to perform: execute-api:Invoke on resource: ${context.methodArn}`,
      );
    };
  }
  return undefined;
}

/** In the order header, path, query, by name. A header's name counts in any case. */
function requiredParameters({ requestParameters = {} }: Method): RequestCheck[] {
  const required = Object.entries(requestParameters)
    .filter(([, isRequired]) => isRequired)
    .map(([parameter]) => parameter)
    .sort()
    .flatMap((parameter) => {
      const match = /^method\.request\.(header|path|querystring)\.(.+)$/.exec(parameter);
      return match ? [{ kind: match[1] as "header" | "path" | "querystring", name: match[2] as string }] : [];
    });
  if (required.length === 0) return [];
  return [
    (context) => {
      const missing = required.filter(({ kind, name }) => !isPresent(kind, name, context));
      if (missing.length === 0) return;
      const names = missing.map(({ name }) => name).join(", ");
      const message = `Missing required request parameters: [${names}]`;
      throw new GatewayError("BAD_REQUEST_PARAMETERS", message).because(message);
    },
  ];
}

/** A blank one is not there, either. */
function isPresent(kind: "header" | "path" | "querystring", name: string, context: RestContext): boolean {
  switch (kind) {
    case "header":
      return isFilled(context.request.headers.get(name));
    case "path":
      return Object.hasOwn(context.pathParameters, name) && isFilled(context.pathParameters[name]);
    case "querystring":
      return context.query.get(name)?.some(isFilled) ?? false;
  }
}

const isFilled = (value: string | null | undefined): boolean => (value ?? "").trim() !== "";

const utf8 = new TextDecoder();
const invalidBody = (errors?: string) =>
  new GatewayError("BAD_REQUEST_BODY", "Invalid request body", 400, errors);

/** By the model of the request's content type, or of `$default`; a request of any other type is not checked. */
function bodyValidation(apiId: string, { requestModels = {} }: Method, models: Model[]): RequestCheck[] {
  const validators = new Map(
    Object.entries(requestModels).map(([contentType, name]) => [
      contentType.toLowerCase(),
      compileModel(apiId, name, models),
    ]),
  );
  const otherwise = validators.get("$default");
  if (validators.size === 0) return [];
  return [
    async (context) => {
      const contentType = context.request.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
      const validate = validators.get(contentType ?? "application/json") ?? otherwise;
      if (!validate) return;
      const payload = await context.payload();
      // Recorded: no body is the empty object.
      const errors = errorsOf(payload && payload.byteLength > 0 ? utf8.decode(payload) : "{}", validate);
      if (errors.length === 0) return;
      const text = `[${errors.join(", ")}]`;
      throw invalidBody(text).because(
        `Request body does not match model schema for content type ${contentType ?? "application/json"}: ${text}`,
      );
    },
  ];
}

/** @throws GatewayError 400 for what is no JSON, and for what takes too long to be checked */
function errorsOf(text: string, validate: Validator): string[] {
  try {
    return validate(parseJson(text));
  } catch (error) {
    if (error instanceof SyntaxError) throw invalidBody("[Unable to parse JSON]");
    if (error instanceof RangeError || error instanceof PatternTooCostly)
      throw invalidBody(`[${error.message}]`);
    throw error;
  }
}

/** Models refer to one another by `https://apigateway.amazonaws.com/restapis/{id}/models/{name}`. */
function compileModel(apiId: string, name: string, models: Model[]): Validator {
  const url = (model: string) => `https://apigateway.amazonaws.com/restapis/${apiId}/models/${model}`;
  const schemas = new Map<string, Json>();
  const schemaOf = (wanted: string): Json | undefined => {
    let schema = schemas.get(wanted);
    if (schema === undefined) {
      const model = models.find((one) => url(one.name) === wanted);
      if (!model) return undefined;
      schema = JSON.parse(model.schema ?? "{}") as Json;
      schemas.set(wanted, schema);
    }
    return schema;
  };
  return compileSchema(schemaOf(url(name)) ?? {}, schemaOf);
}
