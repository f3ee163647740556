/**
 * MOCK: the gateway answers itself; the request template says with which status.
 * Sources: the guide's how-to-mock-integration; recorded: test_integration_mock_with_path_param.
 */
import type { Integration } from "../../definitions/rest-api.ts";
import { JavaMap, type Value } from "../mapping/java/values.ts";
import { JsonError, readJson } from "../mapping/json/read.ts";
import type { RestContext } from "../rest/context.ts";
import { internalError } from "../rest/gateway-error.ts";
import { compileIntegrationRequest } from "../rest/integration-request.ts";
import { compileIntegrationResponses } from "../rest/integration-response.ts";
import type { IsBinary } from "./binary-media-types.ts";
import type { Answer, EndpointRequest } from "./endpoint-request.ts";

const noHeaders = { get: () => null };

export function compileMock(
  integration: Integration,
  isBinary: IsBinary,
): (context: RestContext) => Promise<Response> {
  const makeRequest = compileIntegrationRequest(integration, isBinary);
  const respond = compileIntegrationResponses(integration, isBinary, false);
  const answerOf = mockAnswers();
  return async (context) => {
    const { payload } = await makeRequest(context);
    const answer = answerOf(payload);
    return respond(answer, String(answer.status), context);
  };
}

/**
 * What the gateway answers itself for payloads that request templates have made.
 * @param otherwise the status for a payload without one
 * @returns the answer; it throws GatewayError 500 where nothing says a status
 */
export function mockAnswers(otherwise?: number): (payload: EndpointRequest["payload"]) => Answer {
  // Most templates print the same for every request: it is read once.
  let lastPayload: string | undefined;
  let lastStatus = 0;
  return (payload) => {
    if (typeof payload !== "string") throw internalError();
    if (payload !== lastPayload) {
      const status = statusOf(payload) ?? otherwise;
      if (status === undefined) throw internalError();
      lastStatus = status;
      lastPayload = payload;
    }
    // The response template does not see the request's body (mapping-templates, "$context").
    return { status: lastStatus, headers: noHeaders, body: "" };
  };
}

/** Also of `{statusCode: 200}`, which is no JSON. @returns undefined without a status that is a whole number */
function statusOf(payload: string): number | undefined {
  const document = documentOf(payload);
  const status = document instanceof JavaMap ? document.get("statusCode") : undefined;
  return typeof status === "number" ? status : undefined;
}

/** Null for what is no JSON. */
function documentOf(payload: string): Value {
  try {
    return readJson(payload);
  } catch (error) {
    if (error instanceof JsonError) return null;
    throw error;
  }
}
