/**
 * Mapping expressions as they are given: what is none is refused and not kept. Recorded:
 * test_put_integration_request_parameter_bool_type; AWS's users report the same texts of methods and responses.
 */
import {
  parameterName,
  parseRequestTarget,
  parseResponseSource,
  type RequestSource,
  type ResponseSource,
} from "../../definitions/parameter-mapping.ts";
import { findJsonPath } from "../../invoke/mapping/json/path.ts";
import { badRequest } from "../protocol/service-error.ts";

/** Errors that are listed, and characters of each that are repeated; a hostile map could have any number. */
const mostErrors = 100;
const longestText = 1000;

/** All that is wrong with one map. */
export const mappingFault = (...errors: string[]) =>
  badRequest(
    `Invalid mapping expression specified: Validation Result: warnings : [], errors : [${errors.slice(0, mostErrors).join(", ")}]`,
  );

/**
 * Looks for what is wrong with each one.
 * @throws ServiceError BadRequestException with all of it
 */
export function refuseFaults<One>(all: One[], faultOf: (one: One) => string | undefined): void {
  const faults = all.flatMap((one) => faultOf(one) ?? []);
  if (faults.length > 0) throw mappingFault(...faults);
}

export const noExpression = (text: string) =>
  `Invalid mapping expression specified: ${text.length > longestText ? `${text.slice(0, longestText)}…` : text}`;

/**
 * What is wrong with a parameter that a request or a response declares.
 * @param prefix what it begins with, up to its own name: `method.request.header.`
 */
export function parameterFault(text: string, prefix: RegExp): string | undefined {
  const [start] = prefix.exec(text) ?? [];
  if (start === undefined || start === text) return noExpression(text);
  if (parameterName.test(text.slice(start.length))) return undefined;
  return "Parameter name should match the following regular expression: ^[a-zA-Z0-9:._$-]+$";
}

/** What is wrong with a mapping of an integration request. @param parseSource by the kind of API */
export function requestMappingFault(
  [target, source]: [string, string],
  parseSource: (text: string) => RequestSource | undefined,
): string | undefined {
  if (!parseRequestTarget(target)) return noExpression(target);
  return isReadable(parseSource(source)) ? undefined : noExpression(source);
}

/** What is wrong with a mapping of an integration response. @param parseTarget by the kind of API */
export function responseMappingFault(
  [target, source]: [string, string],
  parseTarget: (text: string) => string | undefined,
): string | undefined {
  if (parseTarget(target) === undefined) return noExpression(target);
  return isReadable(parseResponseSource(source)) ? undefined : noExpression(source);
}

const isReadable = (source: RequestSource | ResponseSource | undefined): boolean =>
  source !== undefined &&
  (source.kind !== "body" || source.jsonPath === undefined || isJsonPath(source.jsonPath));

export const isJsonPath = (text: string): boolean => findJsonPath(text) !== undefined;
