/** Where a method is kept: inside its resource, with its integration and responses inside it. */
import type { HttpMethod, Integration, Method, Resource } from "../../definitions/rest-api.ts";
import type { OperationContext } from "../operation.ts";
import { notFound } from "../protocol/service-error.ts";
import { requireResource, resources } from "./collections.ts";

export interface MethodPlace {
  restApiId: string;
  resourceId: string;
  httpMethod: string;
}

/** The resource's own method of that name. */
export function methodOf({ resourceMethods = {} }: Resource, httpMethod: string): Method | undefined {
  return Object.hasOwn(resourceMethods, httpMethod) ? resourceMethods[httpMethod as HttpMethod] : undefined;
}

/** @throws ServiceError NotFoundException for the resource or the method */
export function requireMethod(
  place: MethodPlace,
  context: OperationContext,
): { resource: Resource; method: Method } {
  const resource = requireResource(context, place.restApiId, place.resourceId);
  const method = methodOf(resource, place.httpMethod);
  if (!method) throw notFound("Invalid Method identifier specified");
  return { resource, method };
}

/** @throws ServiceError NotFoundException for the resource, the method or its integration */
export function requireIntegration(
  place: MethodPlace,
  context: OperationContext,
): { resource: Resource; method: Method; integration: Integration } {
  const { resource, method } = requireMethod(place, context);
  if (!method.methodIntegration) throw notFound("Invalid Integration identifier specified");
  return { resource, method, integration: method.methodIntegration };
}

/** Stores the method in its resource, new or changed. */
export function putMethod(
  apiId: string,
  resource: Resource,
  method: Method,
  { store }: OperationContext,
): void {
  resources(store, apiId).put(resource.id, {
    ...resource,
    resourceMethods: { ...resource.resourceMethods, [method.httpMethod]: method },
  });
}
