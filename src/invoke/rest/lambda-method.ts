/** Methods whose integration is a function: the request as the two Lambda integrations take it. */
import type { Integration, Resource } from "../../definitions/rest-api.ts";
import { forwardedHeaders } from "../connection.ts";
import { compileLambdaCustom } from "../integrations/lambda-custom.ts";
import { compileLambdaProxy } from "../integrations/lambda-proxy.ts";
import { viewerHeaders } from "../integrations/viewer-headers.ts";
import type { CompiledApi, Serve } from "./compiled-api.ts";
import type { RestContext } from "./context.ts";
import { idHeaders } from "./gateway-response.ts";
import { compileIntegrationRequest } from "./integration-request.ts";
import { compileIntegrationResponses } from "./integration-response.ts";

export function compileLambdaProxyMethod(
  api: CompiledApi,
  resource: Resource,
  integration: Integration,
): Serve {
  const invoke = compileLambdaProxy(integration, api.isBinary, api.isEdge);
  const hasParameters = resource.path.includes("{");
  return async (context) => {
    const { request, located, stage, env, waitUntil } = context;

    const answer = await invoke({
      resource: resource.path,
      path: pathOf(located.path),
      httpMethod: request.method,
      headers: request.headers,
      gatewayHeaders: gatewayHeaders(context, api.isEdge),
      query: context.query,
      pathParameters: hasParameters ? context.pathParameters : undefined,
      stageVariables: stage.variablesJson,
      requestContext: context.variables,
      body: await context.payload(),
      stageVariableValues: stage.stage.variables,
      methodArn: context.methodArn,
      env,
      log: context.log,
      waitUntil,
    });
    context.isStreamed = answer.body instanceof ReadableStream;
    const headers = new Headers(idHeaders(context));
    // A name may be there more than once (`Set-Cookie`).
    for (const [name, value] of answer.headers) headers.append(name, value);
    if (!headers.has("content-type")) headers.set("Content-Type", "application/json");
    headers.set("X-Amzn-Trace-Id", context.trace.response);
    const body = request.method === "HEAD" ? null : (answer.body as BodyInit | null);
    return new Response(body, { status: answer.status, headers });
  };
}

/** Slashes at the beginning are one (recorded: test_lambda_aws_proxy_integration). */
export const pathOf = (path: string): string => (path === "" ? "/" : path.replace(/^\/{2,}/, "/"));

/** Headers that the gateway itself sends a function. */
export function gatewayHeaders(context: RestContext, isEdge: boolean): (readonly [string, string])[] {
  const { request, connection, trace } = context;
  const headers: (readonly [string, string])[] = [
    ["x-amzn-trace-id", trace.request],
    ...forwardedHeaders(request.headers, connection),
  ];
  if (!isEdge) return headers;
  const cf = request.cf as { asn?: number; country?: string } | undefined;
  return [...viewerHeaders(request.headers.get("user-agent") ?? "", connection.scheme, cf), ...headers];
}

export function compileLambdaCustomMethod(api: CompiledApi, integration: Integration): Serve {
  const makeRequest = compileIntegrationRequest(integration, api.isBinary);
  const invoke = compileLambdaCustom(integration);
  const respond = compileIntegrationResponses(integration, api.isBinary, true);
  return async (context) => {
    const { payload, headers } = await makeRequest(context);
    const invocationType = headers.find(([name]) => name.toLowerCase() === "x-amz-invocation-type")?.[1];
    const answer = await invoke({
      payload: typeof payload === "string" ? payload : new TextDecoder().decode(payload),
      invocationType,
      requestId: context.requestId,
      stageVariables: context.stage.variables,
      methodArn: context.methodArn,
      env: context.env,
      log: context.log,
      waitUntil: context.waitUntil,
    });
    context.awsEndpointRequestId = context.requestId;
    const answerHeaders = new Headers(answer.headers);
    return respond(
      { status: answer.status, headers: answerHeaders, body: answer.body },
      answer.errorMessage,
      context,
    );
  };
}
