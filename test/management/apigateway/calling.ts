/** Operations as their callers see them, on a store of their own. */
import { expect } from "vitest";
import { apigateway } from "../../../src/management/apigateway/index.ts";
import { apigatewayv2 } from "../../../src/management/apigatewayv2/index.ts";
import type { Handler } from "../../../src/management/operation.ts";
import { ServiceError } from "../../../src/management/protocol/service-error.ts";
import type { Env } from "../../../src/settings.ts";
import { operationContext } from "../sqlite-store.ts";

// biome-ignore lint/suspicious/noExplicitAny: tests look into outputs of every operation
type Output = any;

/** @param env more settings */
export function account(env: Partial<Env> = {}) {
  /** What the data plane would read, by key. */
  const published = new Map<string, Output>();
  const context = {
    ...operationContext(env),
    publish: {
      put: (key: string, value: unknown) => void published.set(key, JSON.parse(JSON.stringify(value))),
      delete: (key: string) => void published.delete(key),
    },
  };
  const calling =
    (handlers: Record<string, Handler>) =>
    /** The output as it would go over the wire, without what is undefined. */
    (operation: string, input: object = {}): Output => {
      const output = (handlers[operation] as Handler)(input, context);
      return output === undefined ? undefined : JSON.parse(JSON.stringify(output));
    };
  const call = calling(apigateway);
  const callV2 = calling(apigatewayv2);
  /** The refusal, as `{code}: {message}`. */
  const refused = (operation: string, input: object = {}, by = call): string => {
    try {
      by(operation, input);
    } catch (error) {
      expect(error).toBeInstanceOf(ServiceError);
      const { code, message } = error as ServiceError;
      return `${code}: ${message}`;
    }
    throw new Error(`${operation} was not refused`);
  };
  const createApi = (input: object = {}) => call("CreateRestApi", { name: "api", ...input });
  const createResource = (api: { id: string; rootResourceId: string }, pathPart: string, parentId?: string) =>
    call("CreateResource", { restApiId: api.id, parentId: parentId ?? api.rootResourceId, pathPart });
  const putMock = (restApiId: string, resourceId: string, httpMethod = "GET") => {
    call("PutMethod", { restApiId, resourceId, httpMethod, authorizationType: "NONE" });
    call("PutIntegration", { restApiId, resourceId, httpMethod, type: "MOCK" });
  };
  /** An API with one method, to be deployed. */
  const createDeployable = (input: object = {}) => {
    const api = createApi(input);
    putMock(api.id, api.rootResourceId);
    return api;
  };
  return { call, callV2, refused, published, context, createApi, createResource, putMock, createDeployable };
}

export const replace = (path: string, value?: string) => ({ op: "replace", path, value });
