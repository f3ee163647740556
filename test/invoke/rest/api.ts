/** A compiled REST API for a test, and requests to it as the data plane carries them out. */
import type { RestSnapshot } from "../../../src/definitions/published.ts";
import type { Integration, Method, Stage } from "../../../src/definitions/rest-api.ts";
import { checkHeaders } from "../../../src/invoke/limits/payload.ts";
import { CompiledApi, compileStage } from "../../../src/invoke/rest/compiled-api.ts";
import { RestContext } from "../../../src/invoke/rest/context.ts";
import { GatewayError } from "../../../src/invoke/rest/gateway-error.ts";
import type { Env } from "../../../src/settings.ts";

const defaults: Pick<
  Integration,
  "passthroughBehavior" | "timeoutInMillis" | "cacheNamespace" | "cacheKeyParameters"
> = {
  passthroughBehavior: "WHEN_NO_MATCH",
  timeoutInMillis: 29_000,
  cacheNamespace: "r1",
  cacheKeyParameters: [],
};

export interface ApiOptions {
  integration: Partial<Integration> & Pick<Integration, "type">;
  method?: Partial<Method>;
  snapshot?: Partial<RestSnapshot>;
  api?: Partial<RestSnapshot["api"]>;
  variables?: Record<string, string>;
  pathParameters?: Record<string, string>;
  /** Bindings and settings. */
  env?: object;
}

/** Calls the one method of an API, `POST /things` unless the request says another. */
export async function call(
  options: ApiOptions,
  init: RequestInit & { query?: string } = {},
): Promise<Response> {
  const method: Method = {
    httpMethod: "ANY",
    authorizationType: "NONE",
    apiKeyRequired: false,
    ...options.method,
    methodIntegration: { ...defaults, ...options.integration },
  };
  const resource = { id: "r1", path: "/things", resourceMethods: { ANY: method } };
  const api = new CompiledApi({
    protocol: "REST",
    apiId: "api1",
    deploymentId: "d1",
    resources: [resource],
    models: [],
    requestValidators: [],
    gatewayResponses: [],
    authorizers: [],
    ...options.snapshot,
    api: {
      name: "test",
      apiKeySource: "HEADER",
      endpointConfiguration: { types: ["REGIONAL"] },
      disableExecuteApiEndpoint: false,
      ...options.api,
    },
  });
  const stage = {
    stageName: "dev",
    deploymentId: "d1",
    methodSettings: {},
    variables: options.variables ?? {},
  } as unknown as Stage;
  const { query = "", ...requestInit } = init;
  const request = new Request(`http://gateway.test/execute-api/api1/dev/things?${query}`, {
    method: "POST",
    ...requestInit,
  });
  const located = { apiId: "api1", stageName: "dev", path: "/things", query, host: "gateway.test" };
  const context = new RestContext(
    request,
    // Without a limit of the account: nothing here can be asked for one.
    { ACCOUNT_RATE_LIMIT: "0", ...options.env } as Env,
    () => undefined,
    located,
    compileStage(api, stage),
  );
  context.resource = resource;
  context.method = method;
  context.pathParameters = options.pathParameters ?? {};
  try {
    context.headerNames = checkHeaders(request.headers);
    return await api.serveOf(resource, method)(context);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return api.gatewayResponses(error, context);
  }
}

/** The integration of a mock, with its one response. */
export const mock = (
  response: object = {},
  request: Partial<Integration> = {},
): ApiOptions["integration"] => ({
  type: "MOCK",
  requestTemplates: { "application/json": '{"statusCode": 200}' },
  ...request,
  integrationResponses: { "200": { statusCode: "200", ...response } },
});
