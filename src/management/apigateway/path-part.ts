/** AWS's rules for a resource's path part, below its parent. */
import type { Resource } from "../../definitions/rest-api.ts";
import { limitExceeded } from "../protocol/service-error.ts";

/** AWS's quota is 300, raised on request; this one bounds a transaction and a snapshot. */
const mostResources = 10_000;

const literalOrVariable = /^(?:[a-zA-Z0-9._:,-]+|\{[a-zA-Z0-9._:-]+\+?\})$/;

export const isVariable = (pathPart: string): boolean => pathPart.startsWith("{");

export const isGreedy = (pathPart: string): boolean => pathPart.endsWith("+}");

export const greedyParentFault = (pathPart: string): string =>
  `Cannot create a child of a resource with a greedy path variable: ${pathPart}`;

/** The key of a child among its parent's: a parent has one variable child at most. */
export const childKey = (pathPart: string): string => (isVariable(pathPart) ? "{}" : pathPart);

export const childPath = (parent: Pick<Resource, "path">, pathPart: string): string =>
  parent.path === "/" ? `/${pathPart}` : `${parent.path}/${pathPart}`;

/**
 * Why a parent cannot have a child of this name; undefined when it can.
 * @param siblingVariable path part of the child with a variable that the parent has
 * Recorded: test_create_proxy_resource_validation.
 */
export function pathPartFault(
  parent: Pick<Resource, "pathPart">,
  pathPart: string,
  siblingVariable: string | undefined,
): string | undefined {
  if (parent.pathPart !== undefined && isGreedy(parent.pathPart)) return greedyParentFault(parent.pathPart);
  if (!literalOrVariable.test(pathPart)) {
    return "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.";
  }
  if (siblingVariable !== undefined && isVariable(pathPart)) {
    return `A sibling (${siblingVariable}) of this resource already has a variable path part -- only one is allowed`;
  }
  return undefined;
}

/** @throws ServiceError LimitExceededException when an API of `count` resources cannot have one more */
export function checkResourceCount(count: number): void {
  if (count < mostResources) return;
  throw limitExceeded(`Maximum number of Resources for this API has been reached: ${mostResources}`);
}
