/**
 * The method request: what of a request is checked before any integration sees it.
 * Sources: the guide's api-gateway-method-request-validation; recorded: test_api_gateway_request_validator.
 */
import type { Method, Model, Resource, RestApi } from "../../definitions/rest-api.ts";
import { compileApiKey } from "../access/api-key.ts";
import { conditionKeysOf } from "../access/condition-keys.ts";
import { authorizeIam } from "../access/iam.ts";
import { compileLambdaAuthorizer } from "../access/lambda-authorizer.ts";
import { methodArnOf } from "../access/method-arn.ts";
import { compileAdmission } from "../limits/admission.ts";
import { compileModel } from "../validation/model.ts";
import { compileRequiredParameters } from "../validation/required-parameters.ts";
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

/** In the order header, path, query, by name. */
function requiredParameters({ requestParameters = {} }: Method): RequestCheck[] {
  const required = Object.entries(requestParameters)
    .filter(([, isRequired]) => isRequired)
    .map(([parameter]) => parameter);
  const check = compileRequiredParameters(required, "method.request.");
  return check ? [check] : [];
}

const utf8 = new TextDecoder();

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
      const check = validators.get(contentType ?? "application/json") ?? otherwise;
      if (!check) return;
      const payload = await context.payload();
      check(payload ? utf8.decode(payload) : "", contentType ?? "application/json");
    },
  ];
}
