/**
 * An authorizer tried out: its function is called and told of, and its policy is not applied.
 * Sources: the guide's configure-api-gateway-lambda-authorization-with-console; execution logs that users report.
 */
import type { RestSnapshot } from "../../definitions/published.ts";
import type { Authorizer, Stage } from "../../definitions/rest-api.ts";
import type { Env } from "../../settings.ts";
import type { RequestContext } from "../integrations/lambda-proxy-event.ts";
import { CompiledApi, compileStage } from "../rest/compiled-api.ts";
import type { RestContext } from "../rest/context.ts";
import { ExecutionLog, masked } from "../rest/execution-log.ts";
import { GatewayError } from "../rest/gateway-error.ts";
import { domainName, TestContext, type Tester } from "../rest/test-context.ts";
import { compileAuthorizerCall } from "./authorizer-call.ts";
import { authorizerFunctionOf, compileAuthorizerEvent } from "./authorizer-event.ts";
import type { AuthorizerResult } from "./authorizer-result.ts";
import { compileIdentity, type Identity } from "./identity.ts";
import { methodArnOf } from "./method-arn.ts";

export interface AuthorizerTest {
  /** As a deployment made now would have it. */
  snapshot: RestSnapshot;
  authorizer: Authorizer;
  /** `/` without it. */
  pathWithQueryString: string | undefined;
  headers: [name: string, value: string][];
  stageVariables: Record<string, string>;
  /** `$context` variables by their names, such as `identity.sourceIp`. */
  additionalContext: Record<string, string>;
  caller: Tester;
}

export interface AuthorizerTestResult {
  /** What a client would be answered: 200, also for a policy that denies. */
  clientStatus: number;
  result: AuthorizerResult | undefined;
  log: string;
  /** Milliseconds. */
  latency: number;
}

export async function testInvokeAuthorizer(
  test: AuthorizerTest,
  env: Env,
  waitUntil: RestContext["waitUntil"],
): Promise<AuthorizerTestResult> {
  const startedAt = Date.now();
  const context = contextOf(test, env, waitUntil);
  const log = new ExecutionLog(context.requestId, `authorizer: ${test.authorizer.id}`);
  context.log = log;
  const ended = (clientStatus: number, result?: AuthorizerResult): AuthorizerTestResult => ({
    clientStatus,
    result,
    log: String(log),
    latency: Date.now() - startedAt,
  });
  try {
    const result = await callWith(test, context, log);
    log.write(`Using valid authorizer policy for principal: ${masked(result.principalId)}`);
    log.write("Successfully completed authorizer execution");
    return ended(200, result);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    writeFailure(error, context.requestId, log);
    return ended(error.status);
  }
}

function callWith(
  { authorizer }: AuthorizerTest,
  context: TestContext,
  log: ExecutionLog,
): Promise<AuthorizerResult> {
  const identity = compileIdentity(authorizer)(context);
  log.write(`Incoming identity: ${shown(authorizer, identity)}`);
  // As users' logs have it, the function is sent the tester's headers alone.
  const event = compileAuthorizerEvent(authorizer, () => []);
  const call = compileAuthorizerCall(authorizerFunctionOf(authorizer));
  return call(context, event(context, methodArnOf(context, "ESTestInvoke-stage"), identity));
}

function shown({ type }: Authorizer, identity: Identity[]): string {
  const values = identity.map(({ expression, values }) => [expression, masked(values.join(", "))] as const);
  if (type === "TOKEN") return values[0]?.[1] ?? "";
  return `{${values.map(([expression, value]) => `${expression}=${value}`).join(", ")}}`;
}

function writeFailure(error: GatewayError, requestId: string, log: ExecutionLog): void {
  if (error.type === "UNAUTHORIZED") {
    log.write(`Unauthorized request: ${requestId}`);
    log.write("Unauthorized");
    return;
  }
  if (error.reason) log.write(error.reason);
  log.write(error.errorType);
}

function contextOf(test: AuthorizerTest, env: Env, waitUntil: RestContext["waitUntil"]): TestContext {
  const { snapshot, headers, stageVariables: variables, caller } = test;
  const [path = "", ...query] = (test.pathWithQueryString || "/").split("?");
  const stageName = "test-invoke-stage";
  const located = { apiId: snapshot.apiId, stageName, path, query: query.join("?"), host: domainName };
  const request = new Request(`https://${domainName}/`, { headers: new Headers(headers) });
  const stage = { stageName, deploymentId: "", variables } as unknown as Stage;
  const compiled = compileStage(new CompiledApi(snapshot), stage);
  const given = variablesOf(path, test.additionalContext);
  return new TestContext({ caller, body: "", variables: given }, request, env, waitUntil, located, compiled);
}

/** No resource takes part in a test. */
function variablesOf(path: string, additional: Record<string, string>): Partial<RequestContext> {
  const named = Object.entries(additional).map(
    ([name, value]) => [name.replace(/^\$?context\./, ""), value] as const,
  );
  const below = (prefix: string) =>
    named.flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value] as const] : [],
    );
  return {
    resourceId: "test-invoke-resource-id",
    resourcePath: "/",
    path,
    ...Object.fromEntries(named.filter(([name]) => !name.includes("."))),
    identity: Object.fromEntries(below("identity.")) as unknown as RequestContext["identity"],
  };
}
