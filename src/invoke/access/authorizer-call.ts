/** Calls an authorizer's function. Source: logs that users report. */
import type { Env, Settings } from "../../settings.ts";
import { callLambda, errorMessageOf } from "../integrations/lambda.ts";
import { compileLambdaUri } from "../integrations/lambda-uri.ts";
import type { ExecutionLog } from "../rest/execution-log.ts";
import { configurationFault, GatewayError } from "../rest/gateway-error.ts";
import {
  type AuthorizerResult,
  MalformedAuthorizerResult,
  readAuthorizerResult,
} from "./authorizer-result.ts";

/** Milliseconds; the guide gives none for REST APIs, so this is the longest that an integration may take. */
export const authorizerTimeout = 29_000;

/** An authorizer's function, whichever kind of API it belongs to. */
export interface AuthorizerFunction {
  id: string;
  uri: string | undefined;
  /** ARN of the role that calls it; without one, the function's policy lets the API in. */
  credentials: string | undefined;
  /** Bytes of a result. */
  longestResult: number;
}

/** The request that is to be authorized, as far as the call needs it. */
interface AuthorizedRequest {
  env: Env;
  settings: Settings;
  requestId: string;
  located: { apiId: string };
  stage: { variables: Readonly<Record<string, string>> };
  log: ExecutionLog | undefined;
  waitUntil: (work: Promise<unknown>) => void;
}

/**
 * @param event JSON text
 * @throws GatewayError 401 when the function says so, 500 for all else that is no result
 */
export type CallAuthorizer = (request: AuthorizedRequest, event: string) => Promise<AuthorizerResult>;

/** @param reason for the execution log */
export const authorizerError = (reason: string): GatewayError =>
  new GatewayError("AUTHORIZER_CONFIGURATION_ERROR", "").because(configurationFault(reason));

export function compileAuthorizerCall(authorizer: AuthorizerFunction): CallAuthorizer {
  const functionOf = compileLambdaUri(authorizer.uri ?? "");
  return async ({ env, settings, requestId, located, stage, log, waitUntil }, event) => {
    const named = functionOf(stage.variables);
    if (!named) throw authorizerError("Authorizer error");
    const { payload, functionError } = await called(
      callLambda({
        env,
        function: named,
        payload: event,
        requestId,
        // With credentials of its own, a role lets it in, and not the function's policy.
        ...(authorizer.credentials
          ? {}
          : {
              sourceArn: `arn:aws:execute-api:${settings.region}:${settings.accountId}:${located.apiId}/authorizers/${authorizer.id}`,
            }),
        log: log && { endpointRequest: log.endpointRequest.bind(log), endpointResponse: () => undefined },
        timeout: authorizerTimeout,
        waitUntil,
      }),
    );
    // The one error that tells the client anything.
    if (functionError && errorMessageOf(payload) === "Unauthorized") {
      throw new GatewayError("UNAUTHORIZED", "Unauthorized");
    }
    log?.write(`Authorizer result body before parsing: ${payload}`);
    try {
      return readAuthorizerResult(payload, authorizer.longestResult);
    } catch (error) {
      if (error instanceof MalformedAuthorizerResult) throw authorizerError(error.message);
      throw error;
    }
  };
}

/** Failures of the call are the authorizer's: the client hears nothing of them. */
async function called<Answer>(call: Promise<Answer>): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const isTimeout = error.type === "INTEGRATION_TIMEOUT";
    throw new GatewayError(isTimeout ? "AUTHORIZER_FAILURE" : "AUTHORIZER_CONFIGURATION_ERROR", "").because(
      error.reason ?? configurationFault("Authorizer error"),
    );
  }
}
