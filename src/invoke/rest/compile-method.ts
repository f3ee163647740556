/** From a method's definition to the function that serves it: the steps that this method needs, and no others. */
import type { Integration, Method, Resource } from "../../definitions/rest-api.ts";
import { compileAwsService } from "../integrations/aws-service.ts";
import { compileHttp } from "../integrations/http.ts";
import { compileHttpProxy } from "../integrations/http-proxy.ts";
import { namesLambda } from "../integrations/lambda-uri.ts";
import { compileMock } from "../integrations/mock.ts";
import { TemplateError } from "../mapping/template-scope.ts";
import type { CompiledApi, Serve } from "./compiled-api.ts";
import { GatewayError } from "./gateway-error.ts";
import { compileLambdaCustomMethod, compileLambdaProxyMethod } from "./lambda-method.ts";
import { compileMethodRequest } from "./method-request.ts";

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
      throw new GatewayError(isTemplate ? "DEFAULT_5XX" : "API_CONFIGURATION_ERROR", "Internal server error");
    };
  }
}

function compile(api: CompiledApi, resource: Resource, method: Method): Serve {
  const checks = compileMethodRequest(api, method);
  const serve = compileIntegration(api, resource, method.methodIntegration);
  if (checks.length === 0) return serve;
  return async (context) => {
    for (const check of checks) {
      const pending = check(context);
      if (pending) await pending;
    }
    return serve(context);
  };
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
