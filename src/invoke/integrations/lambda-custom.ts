/**
 * Lambda custom integrations (AWS with a Lambda URI): what the request template made is the event, and what the
 * function returns or throws is mapped by the integration responses.
 * Sources: the guide's set-up-lambda-custom-integrations, set-up-lambda-integration-async and
 * handle-errors-in-lambda-integration; recorded: test_lambda_selection_patterns, test_lambda_aws_integration,
 * test_api_gateway_lambda_asynchronous_invocation.
 */
import type { Integration } from "../../definitions/rest-api.ts";
import { isJson } from "../../is-json.ts";
import type { Env } from "../../settings.ts";
import type { ExecutionLog } from "../rest/execution-log.ts";
import { GatewayError, internalError } from "../rest/gateway-error.ts";
import { callLambda, errorMessageOf } from "./lambda.ts";
import { compileLambdaUri } from "./lambda-uri.ts";

interface LambdaCustomInvocation {
  /** What the request template made, or the client's body where none applies. */
  payload: string;
  /** Value of the mapped header `X-Amz-Invocation-Type`; `RequestResponse` when there is none. */
  invocationType: string | undefined;
  requestId: string;
  stageVariables: Readonly<Record<string, string>>;
  /** `arn:aws:execute-api:{region}:{account}:{apiId}/{stage}/{method}{resource path}`, or `…/{stage}/{route key}` */
  methodArn: string;
  env: Env;
  log?: ExecutionLog | undefined;
  waitUntil: (work: Promise<unknown>) => void;
}

/** Lambda's answer: the endpoint response that the integration response is made of. */
interface LambdaCustomResponse {
  /** Lambda's own: 200 with a result or an error of the function, 202 for an event, 204 for a dry run. */
  status: 200 | 202 | 204;
  headers: [name: string, value: string][];
  body: string;
  /** What selection patterns are matched against: never the status. Empty without an error. */
  errorMessage: string;
}

export type LambdaCustomIntegration = (invocation: LambdaCustomInvocation) => Promise<LambdaCustomResponse>;

/**
 * @returns what invokes the integration; it throws GatewayError: 400 for a payload that is no JSON, 500 for a URI or
 *   a method that Lambda does not have, 504 after the integration's timeout
 */
export function compileLambdaCustom(
  integration: Pick<Integration, "uri" | "httpMethod" | "credentials" | "timeoutInMillis">,
): LambdaCustomIntegration {
  const functionOf = compileLambdaUri(integration.uri ?? "");
  return async (invocation) => {
    const named = integration.httpMethod === "POST" ? functionOf(invocation.stageVariables) : undefined;
    if (!named) throw internalError("API_CONFIGURATION_ERROR");
    const call = {
      env: invocation.env,
      function: named,
      payload: eventOf(invocation.payload),
      requestId: invocation.requestId,
      ...(integration.credentials ? {} : { sourceArn: invocation.methodArn }),
      log: invocation.log,
      timeout: integration.timeoutInMillis,
      waitUntil: invocation.waitUntil,
    };
    switch (invocation.invocationType) {
      case undefined:
      case "":
      case "RequestResponse": {
        const { payload, functionError, executedVersion } = await callLambda(call);
        const headers: LambdaCustomResponse["headers"] = [
          ["Content-Type", "application/json"],
          ["X-Amz-Executed-Version", executedVersion],
        ];
        if (functionError) headers.push(["X-Amz-Function-Error", functionError]);
        // A result that has an error message counts as an error.
        const errorMessage = payload.startsWith("{") ? (errorMessageOf(payload) ?? "") : "";
        return { status: 200, headers, body: payload, errorMessage };
      }
      case "Event":
        await callLambda({ ...call, isEvent: true });
        return { status: 202, headers: [], body: "", errorMessage: "" };
      case "DryRun":
        return { status: 204, headers: [], body: "", errorMessage: "" };
      default:
        throw internalError("INTEGRATION_FAILURE");
    }
  };
}

/** Recorded, test_apigateway_header_remapping_aws[AWS]: nothing is the empty object. Lambda takes JSON alone. */
function eventOf(payload: string): string {
  if (payload === "") return "{}";
  if (!isJson(payload)) throw new GatewayError("DEFAULT_4XX", "Could not parse request body into json");
  return payload;
}
