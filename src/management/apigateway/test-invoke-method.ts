/**
 * TestInvokeMethod: the method is found in the working copy, in the Account object, and carried out in the Worker,
 * which may wait for a backend. Recorded: test_invoke_test_method, test_failed_invoke_test_method.
 */
import type { RestSnapshot, VpcLinkRecords } from "../../definitions/published.ts";
import type { Method, Resource } from "../../definitions/rest-api.ts";
import { testInvoke } from "../../invoke/rest/test-invoke.ts";
import type { Handler, WorkerHandler } from "../operation.ts";
import { badRequest, notFound } from "../protocol/service-error.ts";
import { requireClientCertificate } from "./client-certificates.ts";
import { requireResource, requireRestApi } from "./collections.ts";
import { snapshotOf } from "./deployments.ts";
import { methodOf } from "./method-place.ts";
import { httpMethods } from "./method-rules.ts";
import { type TestHeaders, testHeaders } from "./test-headers.ts";
import { vpcLinkRecords } from "./vpc-link-records.ts";

interface TestInvokeMethodInput extends TestHeaders {
  restApiId: string;
  resourceId: string;
  httpMethod: string;
  pathWithQueryString?: string;
  body?: string;
  clientCertificateId?: string;
  stageVariables?: Record<string, string>;
}

interface FoundMethod {
  snapshot: RestSnapshot;
  vpcLinks: VpcLinkRecords;
  resource: Resource;
  method: Method;
}

export const findMethodToTest: Handler<TestInvokeMethodInput> = (input, context): FoundMethod => {
  const resource = requireResource(context, input.restApiId, input.resourceId);
  // An ANY method is tested with any name that HTTP has.
  const isMethod = httpMethods.some((name) => name === input.httpMethod);
  const method = methodOf(resource, input.httpMethod) ?? (isMethod ? methodOf(resource, "ANY") : undefined);
  if (!method) throw notFound("Invalid Method identifier specified");
  if (!method.methodIntegration) throw badRequest("No integration defined for method");
  if (input.clientCertificateId) requireClientCertificate(input.clientCertificateId, context);
  const api = requireRestApi(context, input.restApiId);
  const usesVpcLink = method.methodIntegration.connectionType === "VPC_LINK";
  const vpcLinks = usesVpcLink ? vpcLinkRecords(context) : {};
  return { snapshot: snapshotOf(api, "", [resource], context), vpcLinks, resource, method };
};

export const testInvokeMethod: WorkerHandler<TestInvokeMethodInput> = async (input, context) => {
  const { env, caller, waitUntil, userAgent } = context;
  const found = (await context.inAccount()) as FoundMethod;
  const { status, headers, body, log, latency } = await testInvoke(
    {
      ...found,
      httpMethod: input.httpMethod,
      pathWithQueryString: input.pathWithQueryString || undefined,
      body: input.body ?? "",
      headers: testHeaders(input),
      stageVariables: input.stageVariables ?? {},
      clientCertificateId: input.clientCertificateId || undefined,
      caller: { ...caller, userAgent },
    },
    env,
    waitUntil,
  );
  return {
    status,
    body,
    headers: Object.fromEntries(headers),
    multiValueHeaders: Object.fromEntries(
      headers.map(([name]) => [name, headers.filter(([other]) => other === name).map(([, value]) => value)]),
    ),
    log,
    latency,
  };
};
