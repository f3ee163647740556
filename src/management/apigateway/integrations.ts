/** Integration: what answers for a method. Recorded: test_put_integration_validation and its neighbours. */
import type { ContentHandling, Integration, PassthroughBehavior } from "../../definitions/rest-api.ts";
import { vpcLinks as v2VpcLinks } from "../apigatewayv2/collections.ts";
import { compact } from "../openapi/json.ts";
import type { Handlers } from "../operation.ts";
import { badRequest } from "../protocol/service-error.ts";
import { checkConnection } from "./connection-rules.ts";
import {
  checkIntegration,
  defaultTimeout,
  mappingEntries,
  templateEntries,
  templatesOf,
} from "./integration-rules.ts";
import { type MethodPlace, putMethod, requireIntegration, requireMethod } from "./method-place.ts";
import { nonEmptyMap } from "./method-rules.ts";
import { oneOf } from "./options.ts";
import {
  applyPatch,
  flag,
  mapEntry,
  type PatchOperation,
  type PatchTable,
  refusePathOrOperation,
  removeMember,
  setMember,
  text,
  textOrNone,
} from "./patch.ts";

interface PutInput extends MethodPlace, Partial<Omit<Integration, "httpMethod" | "integrationResponses">> {
  type: Integration["type"];
  integrationHttpMethod?: string;
}

export const integrationHandlers: Handlers = {
  PutIntegration(input: PutInput, context): Integration {
    const { resource, method } = requireMethod(input, context);
    const { type } = input;
    const isMock = type === "MOCK";
    const isHttp = type === "HTTP" || type === "HTTP_PROXY";
    const integration: Integration = compact({
      type,
      // A mock calls nobody: what is said of its endpoint is not kept. Recorded: `not-required-integration-method-MOCK`.
      httpMethod: isMock ? undefined : input.integrationHttpMethod,
      uri: isMock ? undefined : input.uri,
      connectionType: input.connectionType ?? (isHttp ? "INTERNET" : undefined),
      connectionId: input.connectionId,
      credentials: input.credentials,
      requestParameters: nonEmptyMap(input.requestParameters),
      requestTemplates: templatesOf(nonEmptyMap(input.requestTemplates)),
      passthroughBehavior: passthroughOf(input.passthroughBehavior ?? "WHEN_NO_MATCH"),
      contentHandling: input.contentHandling,
      timeoutInMillis: input.timeoutInMillis ?? defaultTimeout,
      cacheNamespace: input.cacheNamespace ?? resource.id,
      cacheKeyParameters: input.cacheKeyParameters ?? [],
      tlsConfig: input.tlsConfig,
      responseTransferMode: input.responseTransferMode,
      integrationTarget: input.integrationTarget,
    } as Integration);
    checkIntegration(integration, method);
    checkConnection(integration, v2VpcLinks(context.store));
    putMethod(input.restApiId, resource, { ...method, methodIntegration: integration }, context);
    return integration;
  },

  GetIntegration: (place: MethodPlace, context) => requireIntegration(place, context).integration,

  UpdateIntegration(input: MethodPlace & { patchOperations?: PatchOperation[] }, context): Integration {
    const { resource, method, integration: before } = requireIntegration(input, context);
    const integration = applyPatch(patchTable, before, input.patchOperations);
    checkIntegration(integration, method);
    checkConnection(integration, v2VpcLinks(context.store));
    putMethod(input.restApiId, resource, { ...method, methodIntegration: integration }, context);
    return integration;
  },

  DeleteIntegration(place: MethodPlace, context) {
    const { resource, method } = requireIntegration(place, context);
    const { methodIntegration: _, ...left } = method;
    putMethod(place.restApiId, resource, left, context);
    return undefined;
  },
};

const passthroughBehavior = oneOf("passthrough behavior", ["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"]);
const passthroughOf = (value: string | undefined): PassthroughBehavior =>
  passthroughBehavior(value?.toUpperCase());

const contentHandling = oneOf("content handling", ["CONVERT_TO_BINARY", "CONVERT_TO_TEXT"]);

/** @throws ServiceError BadRequestException; the empty text removes the setting */
export const contentHandlingOf = (value: string | undefined): ContentHandling | undefined =>
  value ? contentHandling(value) : undefined;

const patchTable: PatchTable<Integration> = {
  refuse: refusePathOrOperation,
  paths: {
    "/httpMethod": { replace: setMember("httpMethod", textOrNone) },
    "/uri": { replace: setMember("uri", textOrNone) },
    "/credentials": { replace: setMember("credentials", textOrNone), remove: removeMember("credentials") },
    "/passthroughBehavior": { replace: setMember("passthroughBehavior", passthroughOf) },
    "/contentHandling": { replace: setMember("contentHandling", contentHandlingOf) },
    "/timeoutInMillis": {
      replace: setMember("timeoutInMillis", (value) => {
        if (!/^\d{1,9}$/.test(value ?? "")) {
          throw badRequest(`Timeout should be between 50 ms and ${defaultTimeout} ms`);
        }
        return Number(value);
      }),
    },
    "/cacheNamespace": { replace: setMember("cacheNamespace", text) },
    "/cacheKeyParameters/{name}": {
      add(draft, { params: [name = ""] }) {
        if (!draft.cacheKeyParameters.includes(name)) draft.cacheKeyParameters.push(name);
      },
      remove(draft, { params: [name] }) {
        draft.cacheKeyParameters = draft.cacheKeyParameters.filter((parameter) => parameter !== name);
      },
    },
    "/connectionType": {
      replace: setMember("connectionType", oneOf("connection type", ["INTERNET", "VPC_LINK"])),
    },
    "/responseTransferMode": {
      replace: setMember("responseTransferMode", oneOf("response transfer mode", ["BUFFERED", "STREAM"])),
    },
    "/connectionId": { replace: setMember("connectionId", textOrNone) },
    "/integrationTarget": { replace: setMember("integrationTarget", textOrNone) },
    "/tlsConfig/insecureSkipVerification": {
      replace: (draft, { value }) => {
        draft.tlsConfig = { insecureSkipVerification: flag(value) };
      },
    },
    "/requestParameters/{name}": mapEntry("requestParameters", mappingEntries),
    "/requestTemplates/{contentType}": mapEntry("requestTemplates", templateEntries),
  },
};
