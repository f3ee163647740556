/** What a method may name: authorizers, validators, models, parameters. Recorded: test_put_method_validation. */
import type { Method } from "../../definitions/rest-api.ts";
import { badRequest, notFound } from "../protocol/service-error.ts";
import type { Store } from "../store.ts";
import { authorizers, models, requestValidators } from "./collections.ts";
import { mappingFault, parameterFault } from "./mapping-expressions.ts";
import { oneOf } from "./options.ts";
import { type EntryRules, flag } from "./patch.ts";

export const httpMethods = ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY"] as const;

const authorizationType = oneOf("authorization type", ["NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS"]);

/** The type in capitals, as AWS shows it. @throws ServiceError BadRequestException */
export const authorizationTypeOf = (type: string | undefined): string =>
  authorizationType(type?.toUpperCase());

export const needsAuthorizer = (authorizationType: string): boolean =>
  authorizationType === "CUSTOM" || authorizationType === "COGNITO_USER_POOLS";

/** @throws ServiceError BadRequestException when the method needs an authorizer that is not there */
export function checkAuthorizer(
  { authorizationType, authorizerId }: Method,
  store: Store,
  apiId: string,
): void {
  if (!needsAuthorizer(authorizationType)) return;
  if (authorizerId && authorizers(store, apiId).has(authorizerId)) return;
  throw badRequest(
    "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.",
  );
}

/** @throws ServiceError BadRequestException */
export function checkRequestValidator(id: string | undefined, store: Store, apiId: string): void {
  if (id !== undefined && !requestValidators(store, apiId).has(id)) {
    throw badRequest("Invalid Request Validator identifier specified");
  }
}

/** @throws ServiceError BadRequestException */
export function checkModel(name: string | undefined, store: Store, apiId: string): string {
  if (name !== undefined && models(store, apiId).has(name)) return name;
  throw badRequest(`Invalid model identifier specified: ${name ?? null}`);
}

const requestPrefix = /^method\.request\.(?:path|querystring|header)\./;
const responsePrefix = /^method\.response\.header\./;

/** @throws ServiceError BadRequestException for what names no parameter of a request */
export const checkRequestParameter = (name: string): void => checkParameter(name, requestPrefix);

/** @throws ServiceError BadRequestException for what names no header of a response */
export const checkResponseParameter = (name: string): void => checkParameter(name, responsePrefix);

function checkParameter(name: string, prefix: RegExp): void {
  const fault = parameterFault(name, prefix);
  if (fault !== undefined) throw mappingFault(fault);
}

/** Recorded: test_method_request_parameters. */
export function checkRequestParameters(parameters: Record<string, boolean> | undefined): void {
  const names = Object.keys(parameters ?? {});
  for (const name of names) checkRequestParameter(name);
  if (new Set(names.map((name) => name.split(".").slice(3).join("."))).size < names.length) {
    throw badRequest("Parameter names must be unique across querystring, header and path");
  }
}

/** The map, or undefined when it is empty: AWS does not show it then. */
export const nonEmptyMap = <T>(map: Record<string, T> | undefined): Record<string, T> | undefined =>
  map && Object.keys(map).length > 0 ? map : undefined;

/** How the parameters of a method request or a method response are patched, by their names. */
export const parameterEntries = (check: (name: string) => void): EntryRules<boolean> => ({
  parse(value, name) {
    check(name);
    return flag(value);
  },
  absent: () => notFound("Invalid parameter name specified"),
  dropEmpty: true,
});

/** How the models of a method request or a method response are patched, by content type. */
export const modelEntries = (store: Store, apiId: string): EntryRules<string> => ({
  parse: (value) => checkModel(value, store, apiId),
  absent: () => notFound("Content-Type specified was not found"),
  dropEmpty: true,
});
