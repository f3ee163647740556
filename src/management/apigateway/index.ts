/** API Gateway V1 (REST APIs): a file per resource of the API. */
import type { Handlers, WorkerHandlers } from "../operation.ts";
import { accountHandlers } from "./account.ts";
import { importApiKeys } from "./api-key-import.ts";
import { apiKeyHandlers } from "./api-keys.ts";
import { authorizerHandlers } from "./authorizers.ts";
import { clientCertificateHandlers, generateClientCertificate } from "./client-certificates.ts";
import { deploymentHandlers } from "./deployments.ts";
import { getExport } from "./exports.ts";
import { gatewayResponseHandlers } from "./gateway-responses.ts";
import { integrationResponseHandlers } from "./integration-responses.ts";
import { integrationHandlers } from "./integrations.ts";
import { methodResponseHandlers } from "./method-responses.ts";
import { methodHandlers } from "./methods.ts";
import { modelHandlers } from "./models.ts";
import { requestValidatorHandlers } from "./request-validators.ts";
import { resourceHandlers } from "./resources.ts";
import { importRestApi, putRestApi } from "./rest-api-import.ts";
import { restApiHandlers } from "./rest-apis.ts";
import { stageHandlers } from "./stages.ts";
import { tagHandlers } from "./tags.ts";
import { findAuthorizerToTest, testInvokeAuthorizer } from "./test-invoke-authorizer.ts";
import { findMethodToTest, testInvokeMethod } from "./test-invoke-method.ts";
import { usagePlanKeyHandlers } from "./usage-plan-keys.ts";
import { findExtension, findUsage, getUsage, updateUsage } from "./usage-plan-usage.ts";
import { usagePlanHandlers } from "./usage-plans.ts";
import { vpcLinkHandlers } from "./vpc-links.ts";

export const apigateway: Handlers = {
  ...restApiHandlers,
  ...resourceHandlers,
  ...methodHandlers,
  ...methodResponseHandlers,
  ...integrationHandlers,
  ...integrationResponseHandlers,
  ...modelHandlers,
  ...requestValidatorHandlers,
  ...authorizerHandlers,
  ...gatewayResponseHandlers,
  ...deploymentHandlers,
  ...stageHandlers,
  ...apiKeyHandlers,
  ...usagePlanHandlers,
  ...usagePlanKeyHandlers,
  ...vpcLinkHandlers,
  ...clientCertificateHandlers,
  ...tagHandlers,
  ...accountHandlers,
  ImportApiKeys: importApiKeys,
  ImportRestApi: importRestApi,
  PutRestApi: putRestApi,
  TestInvokeMethod: findMethodToTest,
  GetUsage: findUsage,
  UpdateUsage: findExtension,
  TestInvokeAuthorizer: findAuthorizerToTest,
};

/** Operations that read what was published, or wait for backends or for keys. */
export const apigatewayInWorker: WorkerHandlers = {
  GetExport: getExport,
  GenerateClientCertificate: generateClientCertificate,
  TestInvokeMethod: testInvokeMethod,
  GetUsage: getUsage,
  UpdateUsage: updateUsage,
  TestInvokeAuthorizer: testInvokeAuthorizer,
};
