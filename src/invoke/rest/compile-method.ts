/** From a method's definition to the function that serves it: the steps that this method needs, and no others. */
import type { Integration, Method, Resource } from "../../definitions/rest-api.ts";
import { compileAwsService } from "../integrations/aws-service.ts";
import { compileHttp } from "../integrations/http.ts";
import { compileHttpProxy } from "../integrations/http-proxy.ts";
import { namesLambda } from "../integrations/lambda-uri.ts";
import { compileMock } from "../integrations/mock.ts";
import { TemplateError } from "../mapping/template-scope.ts";
import type { CompiledApi, Serve } from "./compiled-api.ts";
import type { RestContext } from "./context.ts";
import { internalError } from "./gateway-error.ts";
import { compileLambdaCustomMethod, compileLambdaProxyMethod } from "./lambda-method.ts";
import { compileMethodRequest, type RequestCheck } from "./method-request.ts";

/** What cannot be compiled fails for its own method, with every request, and not for the others. */
export function compileMethod(api: CompiledApi, resource: Resource, method: Method): Serve {
  try {
    return compile(api, resource, method);
  } catch (error) {
    const isTemplate = error instanceof TemplateError;
    console.error(
      `${method.httpMethod} ${resource.path} cannot be served: ${isTemplate ? error.message : error}`,
    );
    return () => {
      throw internalError(isTemplate ? "DEFAULT_5XX" : "API_CONFIGURATION_ERROR");
    };
  }
}

function compile(api: CompiledApi, resource: Resource, method: Method): Serve {
  const checks = compileMethodRequest(api, resource, method);
  const serve = compileIntegration(api, resource, method.methodIntegration);
  return (context) => {
    for (let index = 0; index < checks.length; index++) {
      const pending = checks[index]?.(context);
      if (pending) return afterChecks(pending, checks, index + 1, serve, context);
    }
    return serve(context);
  };
}

/** The rest of the way, where a check has to wait: most do not. */
async function afterChecks(
  pending: Promise<void>,
  checks: RequestCheck[],
  next: number,
  serve: Serve,
  context: RestContext,
): Promise<Response> {
  await pending;
  for (const check of checks.slice(next)) await check(context);
  return serve(context);
}

function compileIntegration(
  api: CompiledApi,
  resource: Resource,
  integration: Integration | undefined,
): Serve {
  switch (integration?.type) {
    case "MOCK":
      return compileMock(integration, api.isBinary);
    case "HTTP_PROXY":
      return compileHttpProxy(integration, api.isEdge);
    case "HTTP":
      return compileHttp(integration, api.isBinary);
    case "AWS_PROXY":
      return compileLambdaProxyMethod(api, resource, integration);
    case "AWS":
      return namesLambda(integration.uri ?? "")
        ? compileLambdaCustomMethod(api, integration)
        : compileAwsService(integration, api.isBinary);
    case undefined:
      throw new Error("it has no integration");
  }
}
