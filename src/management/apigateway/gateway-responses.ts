/**
 * GatewayResponse: what clients are told when the gateway itself refuses or fails. Every API has all types; those that
 * it does not define show the defaults. Recorded: test_gateway_response_crud, test_gateway_response_put,
 * test_update_gateway_response.
 */
import {
  type GatewayResponseType,
  gatewayResponseStatuses,
} from "../../definitions/gateway-response-types.ts";
import type { GatewayResponse } from "../../definitions/rest-api.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { badRequest, notFound } from "../protocol/service-error.ts";
import { gatewayResponses, requireRestApi } from "./collections.ts";
import { mappingFault, noExpression } from "./mapping-expressions.ts";
import {
  applyPatch,
  mapEntry,
  type PatchOperation,
  type PatchTable,
  refusePath,
  setMember,
} from "./patch.ts";

interface Typed {
  restApiId: string;
  responseType: GatewayResponseType;
}

interface PutInput extends Typed, Omit<GatewayResponse, "responseType"> {}

interface Shown extends Required<Omit<GatewayResponse, "statusCode">> {
  statusCode?: string;
  /** Whether the API does not define it. */
  defaultResponse: boolean;
}

const defaultTemplates = { "application/json": '{"message":$context.error.messageString}' };

export const gatewayResponseHandlers: Handlers = {
  PutGatewayResponse(input: PutInput, context): Shown {
    const api = requireRestApi(context, input.restApiId);
    const { responseType, statusCode, responseParameters = {}, responseTemplates } = input;
    for (const [target, source] of Object.entries(responseParameters)) checkParameter(source, target);
    // What is not given is reset to the type's own defaults.
    const response: GatewayResponse = {
      responseType,
      ...(statusCode === undefined ? {} : { statusCode }),
      responseParameters,
      ...(responseTemplates ? { responseTemplates } : {}),
    };
    gatewayResponses(context.store, api.id).put(responseType, response);
    return shown(responseType, api.id, context);
  },

  GetGatewayResponse({ restApiId, responseType }: Typed, context): Shown {
    return shown(responseType, requireRestApi(context, restApiId).id, context);
  },

  GetGatewayResponses({ restApiId }: { restApiId: string }, context) {
    const api = requireRestApi(context, restApiId);
    const types = Object.keys(gatewayResponseStatuses) as GatewayResponseType[];
    return { items: types.map((type) => shown(type, api.id, context)) };
  },

  UpdateGatewayResponse(
    { restApiId, responseType, patchOperations }: Typed & { patchOperations?: PatchOperation[] },
    context,
  ): Shown {
    const api = requireRestApi(context, restApiId);
    const { defaultResponse: _, ...before } = shown(responseType, api.id, context);
    const response = applyPatch(patchTable, before as GatewayResponse, patchOperations);
    gatewayResponses(context.store, api.id).put(responseType, response);
    return shown(responseType, api.id, context);
  },

  DeleteGatewayResponse({ restApiId, responseType }: Typed, context) {
    const api = requireRestApi(context, restApiId);
    if (!gatewayResponses(context.store, api.id).delete(responseType)) {
      throw notFound("Gateway response type not defined on api");
    }
    return undefined;
  },
};

/** A type that is not defined shows what the default of its class says (rest-behaviour, rule 10). */
function shown(responseType: GatewayResponseType, apiId: string, { store }: OperationContext): Shown {
  const defined = gatewayResponses(store, apiId);
  const own = defined.get(responseType);
  const status = gatewayResponseStatuses[responseType];
  const fallback =
    own ?? (status === undefined ? undefined : defined.get(status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX"));
  const statusCode = fallback?.statusCode ?? (status === undefined ? undefined : String(status));
  return {
    responseType,
    ...(statusCode === undefined ? {} : { statusCode }),
    responseParameters: fallback?.responseParameters ?? {},
    responseTemplates: fallback?.responseTemplates ?? defaultTemplates,
    defaultResponse: own === undefined,
  };
}

const target = /^gatewayresponse\.header\.\S+$/;
const source =
  /^(?:'.*'|method\.request\.(?:header|path|querystring)\.\S+|(?:context|stageVariables)\.\S+)$/s;

/** @returns the value @throws ServiceError BadRequestException */
function checkParameter(value: string | undefined, name: string): string {
  if (!value) throw badRequest("Invalid null or empty value in responseParameters");
  if (!target.test(name)) throw mappingFault(noExpression(name));
  if (!source.test(value)) throw mappingFault(noExpression(value));
  return value;
}

const patchTable: PatchTable<GatewayResponse> = {
  refuse: refusePath,
  paths: {
    "/statusCode": {
      replace: setMember("statusCode", (value) => {
        if (/^[1-5]\d\d$/.test(value ?? "")) return value;
        throw badRequest("Invalid status code specified");
      }),
    },
    "/responseParameters/{name}": mapEntry("responseParameters", {
      parse: checkParameter,
      absent: () => notFound("Invalid parameter name specified"),
    }),
    "/responseTemplates/{contentType}": mapEntry("responseTemplates", {
      parse(value) {
        if (!value) throw badRequest("Invalid null or empty value in responseTemplates");
        return value;
      },
      absent: () => notFound("Content-Type specified was not found"),
    }),
  },
};
