/**
 * A method tried out: as a request to a stage would be carried out, but for the access to it, with a log.
 * Sources: the guide's how-to-test-method; recorded: test_invoke_test_method.
 */
import type { RestSnapshot, VpcLinkRecords } from "../../definitions/published.ts";
import type { Method, Resource, Stage } from "../../definitions/rest-api.ts";
import type { Env } from "../../settings.ts";
import { checkHeaders } from "../limits/payload.ts";
import { pathSegments } from "../routing/path-segments.ts";
import { CompiledApi, compileStage } from "./compiled-api.ts";
import type { RestContext } from "./context.ts";
import { ExecutionLog, listed, shownName } from "./execution-log.ts";
import { GatewayError, internalError } from "./gateway-error.ts";
import { domainName, TestContext, type Tester } from "./test-context.ts";

export interface TestInvocation {
  /** As a deployment made now would have it. */
  snapshot: RestSnapshot;
  vpcLinks: VpcLinkRecords;
  resource: Resource;
  method: Method;
  httpMethod: string;
  /** Any path at all; without it the resource's own, with its parameters as they are written. */
  pathWithQueryString: string | undefined;
  body: string;
  headers: [name: string, value: string][];
  stageVariables: Record<string, string>;
  /** What is shown to HTTPS endpoints; there is no stage that says it. */
  clientCertificateId: string | undefined;
  caller: Tester;
}

export interface TestResult {
  status: number;
  headers: [name: string, value: string][];
  body: string;
  log: string;
  /** Milliseconds. */
  latency: number;
}

const stageName = "test-invoke-stage";
export async function testInvoke(
  invocation: TestInvocation,
  env: Env,
  waitUntil: RestContext["waitUntil"],
): Promise<TestResult> {
  const startedAt = Date.now();
  const api = new CompiledApi(openSnapshot(invocation));
  const context = contextOf(api, invocation, env, waitUntil);
  const { log } = context;
  let response: Response;
  let error: GatewayError | undefined;
  try {
    context.headerNames = checkHeaders(context.request.headers);
    response = await api.serveOf(invocation.resource, methodOf(api, invocation))(context);
  } catch (thrown) {
    error = thrown instanceof GatewayError ? thrown : internalError();
    if (error !== thrown) console.error(`${context.requestId}: ${thrown}`);
    response = api.gatewayResponses(error, context);
  }
  const body = await response.text();
  const headers = shownHeaders(response, error !== undefined);
  if (error) log.failure(error);
  else log.methodResponse(body, headers);
  log.completed(response.status);
  return { status: response.status, headers, body, log: String(log), latency: Date.now() - startedAt };
}

/** Nothing stands between a tester and the method: neither authorizers, keys nor policies. */
function openSnapshot({ snapshot, resource, method }: TestInvocation): RestSnapshot {
  const { policy: _, ...api } = snapshot.api;
  const open: Method = { ...method, authorizationType: "NONE", apiKeyRequired: false };
  return { ...snapshot, api, resources: [{ ...resource, resourceMethods: { [method.httpMethod]: open } }] };
}

function methodOf({ snapshot }: CompiledApi, { method }: TestInvocation): Method {
  return snapshot.resources[0]?.resourceMethods?.[method.httpMethod] as Method;
}

function contextOf(
  api: CompiledApi,
  invocation: TestInvocation,
  env: Env,
  waitUntil: RestContext["waitUntil"],
): TestContext & { log: ExecutionLog } {
  const { httpMethod, resource, body } = invocation;
  const [path = "", ...query] = (invocation.pathWithQueryString ?? resource.path).split("?");
  const located = { apiId: api.snapshot.apiId, stageName, path, query: query.join("?"), host: domainName };
  const hasBody = body !== "" && httpMethod !== "GET" && httpMethod !== "HEAD";
  const request = new Request(`https://${domainName}/`, {
    method: httpMethod,
    headers: new Headers(invocation.headers),
    // As octets: a text would bring a Content-Type with it.
    body: hasBody ? new TextEncoder().encode(body) : null,
  });
  const { stageVariables, clientCertificateId } = invocation;
  const stage = { stageName, deploymentId: "", variables: stageVariables, clientCertificateId } as Stage;
  const compiled = compileStage(api, stage, 0, new Map(Object.entries(invocation.vpcLinks)));
  const context = new TestContext(
    { caller: invocation.caller, body },
    request,
    env,
    waitUntil,
    located,
    compiled,
  );
  const match = api.routes.match(pathSegments(path) ?? []);
  context.resource = resource;
  context.method = methodOf(api, invocation);
  context.pathParameters = match?.pathParameters ?? {};
  const log = startLog(context, invocation, path);
  return Object.assign(context, { log });
}

function startLog(
  context: TestContext,
  { httpMethod, headers, body }: TestInvocation,
  path: string,
): ExecutionLog {
  const log = new ExecutionLog(context.requestId);
  const query = Array.from(context.query, ([name, values]) => [name, values.at(-1) as string] as const);
  log.write(`HTTP Method: ${httpMethod}, Resource Path: ${path}`);
  log.write(`Method request path: ${listed(Object.entries(context.pathParameters))}`);
  log.write(`Method request query string: ${listed(query)}`);
  log.write(`Method request headers: ${listed(headers)}`);
  log.write(`Method request body before transformations: ${body}`);
  return log;
}

/** The ids of a request belong to the edge, where this one never was. A refusal says of itself what it is alone. */
function shownHeaders({ headers }: Response, isRefusal: boolean): [name: string, value: string][] {
  return Array.from(headers)
    .filter(([name]) => name !== "x-amzn-requestid" && name !== "x-amz-apigw-id")
    .filter(([name]) => !isRefusal || name !== "content-type")
    .map(([name, value]) => [shownName(name), value]);
}
