/**
 * TestInvokeAuthorizer: the authorizer is found in the working copy, in the Account object, and its function called
 * from the Worker.
 */
import type { RestSnapshot } from "../../definitions/published.ts";
import type { Authorizer } from "../../definitions/rest-api.ts";
import { testInvokeAuthorizer as test } from "../../invoke/access/test-invoke-authorizer.ts";
import type { Handler, WorkerHandler } from "../operation.ts";
import { badRequest } from "../protocol/service-error.ts";
import { type IdentifiedAuthorizer, requireAuthorizer } from "./authorizers.ts";
import { requireRestApi } from "./collections.ts";
import { snapshotOf } from "./deployments.ts";
import { type TestHeaders, testHeaders } from "./test-headers.ts";

interface TestInvokeAuthorizerInput extends IdentifiedAuthorizer, TestHeaders {
  pathWithQueryString?: string;
  stageVariables?: Record<string, string>;
  additionalContext?: Record<string, string>;
}

interface FoundAuthorizer {
  snapshot: RestSnapshot;
  authorizer: Authorizer;
}

export const findAuthorizerToTest: Handler<TestInvokeAuthorizerInput> = (input, context): FoundAuthorizer => {
  const authorizer = requireAuthorizer(input, context);
  if (authorizer.type === "COGNITO_USER_POOLS") {
    throw badRequest("Sallyport does not call Amazon Cognito user pools yet");
  }
  const api = requireRestApi(context, input.restApiId);
  return { snapshot: snapshotOf(api, "", [], context), authorizer };
};

export const testInvokeAuthorizer: WorkerHandler<TestInvokeAuthorizerInput> = async (input, context) => {
  const { env, caller, waitUntil, userAgent } = context;
  const found = (await context.inAccount()) as FoundAuthorizer;
  const { clientStatus, result, log, latency } = await test(
    {
      ...found,
      pathWithQueryString: input.pathWithQueryString,
      headers: testHeaders(input),
      stageVariables: input.stageVariables ?? {},
      additionalContext: input.additionalContext ?? {},
      caller: { ...caller, userAgent },
    },
    env,
    waitUntil,
  );
  return {
    clientStatus,
    log,
    latency,
    principalId: result?.principalId,
    policy: result?.policyDocument,
  };
};
