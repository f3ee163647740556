/** MethodResponse: what a method may answer with. Recorded: test_lifecycle_method_response, test_update_method_response. */
import type { Method, MethodResponse } from "../../definitions/rest-api.ts";
import { compact } from "../openapi/json.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { conflict, notFound } from "../protocol/service-error.ts";
import { type MethodPlace, putMethod, requireMethod } from "./method-place.ts";
import { checkModel, checkResponseParameter, modelEntries, parameterEntries } from "./method-rules.ts";
import {
  applyPatch,
  mapEntry,
  type PatchOperation,
  type PatchTable,
  refusePathOrOperation,
} from "./patch.ts";

interface ResponsePlace extends MethodPlace {
  statusCode: string;
}

interface PutInput extends ResponsePlace, Pick<MethodResponse, "responseParameters" | "responseModels"> {}

export const methodResponseHandlers: Handlers = {
  PutMethodResponse(input: PutInput, context): MethodResponse {
    const { resource, method } = requireMethod(input, context);
    if (responseOf(method, input.statusCode)) throw conflict("Response already exists for this resource");
    for (const name of Object.keys(input.responseParameters ?? {})) checkResponseParameter(name);
    for (const name of Object.values(input.responseModels ?? {}))
      checkModel(name, context.store, input.restApiId);
    const { statusCode, responseParameters, responseModels } = input;
    const response: MethodResponse = compact({
      statusCode,
      responseParameters,
      responseModels,
    } as MethodResponse);
    putMethod(input.restApiId, resource, withResponse(method, response), context);
    return response;
  },

  GetMethodResponse: (place: ResponsePlace, context) =>
    requireResponse(requireMethod(place, context).method, place.statusCode),

  UpdateMethodResponse(
    input: ResponsePlace & { patchOperations?: PatchOperation[] },
    context,
  ): MethodResponse {
    const { resource, method } = requireMethod(input, context);
    const before = requireResponse(method, input.statusCode);
    const response = applyPatch(patchTable(input.restApiId, context), before, input.patchOperations);
    putMethod(input.restApiId, resource, withResponse(method, response), context);
    return response;
  },

  DeleteMethodResponse(place: ResponsePlace, context) {
    const { resource, method } = requireMethod(place, context);
    requireResponse(method, place.statusCode);
    const { [place.statusCode]: _, ...left } = method.methodResponses ?? {};
    const { methodResponses: __, ...bare } = method;
    const kept = Object.keys(left).length > 0 ? { ...bare, methodResponses: left } : bare;
    putMethod(place.restApiId, resource, kept, context);
    return undefined;
  },
};

const withResponse = (method: Method, response: MethodResponse): Method => ({
  ...method,
  methodResponses: { ...method.methodResponses, [response.statusCode]: response },
});

const responseOf = ({ methodResponses = {} }: Method, statusCode: string): MethodResponse | undefined =>
  Object.hasOwn(methodResponses, statusCode) ? methodResponses[statusCode] : undefined;

/** @throws ServiceError NotFoundException */
export function requireResponse(method: Method, statusCode: string): MethodResponse {
  const response = responseOf(method, statusCode);
  if (!response) throw notFound("Invalid Response status code specified");
  return response;
}

const patchTable = (apiId: string, { store }: OperationContext): PatchTable<MethodResponse> => ({
  refuse: refusePathOrOperation,
  paths: {
    "/responseParameters/{name}": mapEntry("responseParameters", parameterEntries(checkResponseParameter)),
    "/responseModels/{contentType}": mapEntry("responseModels", modelEntries(store, apiId)),
  },
});
