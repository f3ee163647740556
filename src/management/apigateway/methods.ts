/** Method: what clients may do at a resource. Recorded: test_method_lifecycle, test_update_method and their neighbours. */
import type { HttpMethod, Method } from "../../definitions/rest-api.ts";
import { compact } from "../openapi/json.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { conflict } from "../protocol/service-error.ts";
import { requireResource, resources } from "./collections.ts";
import { type MethodPlace, putMethod, requireMethod } from "./method-place.ts";
import {
  authorizationTypeOf,
  checkAuthorizer,
  checkModel,
  checkRequestParameter,
  checkRequestParameters,
  checkRequestValidator,
  httpMethods,
  modelEntries,
  needsAuthorizer,
  nonEmptyMap,
  parameterEntries,
} from "./method-rules.ts";
import { oneOf } from "./options.ts";
import {
  applyPatch,
  flag,
  listMember,
  mapEntry,
  type PatchOperation,
  type PatchTable,
  refusePathOrOperation,
  setMember,
  textOrNone,
} from "./patch.ts";

interface PutInput extends MethodPlace, Partial<Omit<Method, "httpMethod">> {}

export const methodHandlers: Handlers = {
  PutMethod(input: PutInput, context): Method {
    const { restApiId } = input;
    const resource = requireResource(context, restApiId, input.resourceId);
    const httpMethod = oneOf("HttpMethod", httpMethods)(input.httpMethod);
    if (resource.resourceMethods?.[httpMethod]) throw conflict("Method already exists for this resource");
    checkRequestParameters(input.requestParameters);
    const method: Method = compact({
      httpMethod,
      authorizationType: authorizationTypeOf(input.authorizationType),
      authorizerId: input.authorizerId,
      authorizationScopes: input.authorizationScopes,
      apiKeyRequired: input.apiKeyRequired ?? false,
      operationName: input.operationName,
      requestValidatorId: input.requestValidatorId,
      requestParameters: nonEmptyMap(input.requestParameters),
      requestModels: nonEmptyMap(input.requestModels),
    } as Method);
    checkAuthorizer(method, context.store, restApiId);
    checkRequestValidator(method.requestValidatorId, context.store, restApiId);
    for (const name of Object.values(method.requestModels ?? {})) checkModel(name, context.store, restApiId);
    putMethod(restApiId, resource, method, context);
    return method;
  },

  GetMethod: (place: MethodPlace, context) => requireMethod(place, context).method,

  UpdateMethod(input: MethodPlace & { patchOperations?: PatchOperation[] }, context): Method {
    const { resource, method: before } = requireMethod(input, context);
    const method = applyPatch(patchTable(input.restApiId, context), before, input.patchOperations);
    // Recorded, `skip-auth-id-with-wrong-type`: without a type that needs one, the authorizer is not changed.
    if (!needsAuthorizer(method.authorizationType)) {
      if (before.authorizerId === undefined) delete method.authorizerId;
      else method.authorizerId = before.authorizerId;
    }
    checkAuthorizer(method, context.store, input.restApiId);
    putMethod(input.restApiId, resource, method, context);
    return method;
  },

  DeleteMethod(place: MethodPlace, context) {
    const { resource } = requireMethod(place, context);
    const { [place.httpMethod as HttpMethod]: _, ...left } = resource.resourceMethods ?? {};
    resources(context.store, place.restApiId).put(resource.id, { ...resource, resourceMethods: left });
    return undefined;
  },
};

const patchTable = (apiId: string, { store }: OperationContext): PatchTable<Method> => ({
  refuse: refusePathOrOperation,
  paths: {
    "/authorizationType": { replace: setMember("authorizationType", authorizationTypeOf) },
    "/authorizerId": { replace: setMember("authorizerId", textOrNone) },
    "/authorizationScopes": listMember("authorizationScopes"),
    "/apiKeyRequired": { replace: setMember("apiKeyRequired", flag) },
    "/operationName": { replace: setMember("operationName", textOrNone) },
    "/requestValidatorId": {
      replace: setMember("requestValidatorId", (value) => {
        const id = textOrNone(value);
        checkRequestValidator(id, store, apiId);
        return id;
      }),
    },
    "/requestParameters/{name}": mapEntry("requestParameters", parameterEntries(checkRequestParameter)),
    "/requestModels/{contentType}": mapEntry("requestModels", modelEntries(store, apiId)),
  },
});
