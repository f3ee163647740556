/** RequestValidator: what of a request a method checks. Recorded: test_request_validator_lifecycle and its neighbours. */
import type { RequestValidator } from "../../definitions/rest-api.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { type PageRequest, page } from "../protocol/paging.ts";
import { badRequest, conflict } from "../protocol/service-error.ts";
import { requestValidators, requireOfApi, requireRestApi, resources, restApis } from "./collections.ts";
import { shortId } from "./ids.ts";
import {
  applyPatch,
  flag,
  type PatchOperation,
  type PatchTable,
  refuseListingPaths,
  setMember,
} from "./patch.ts";

interface CreateInput extends Partial<Omit<RequestValidator, "id">> {
  restApiId: string;
}

interface Identified {
  restApiId: string;
  requestValidatorId: string;
}

export const requestValidatorHandlers: Handlers = {
  CreateRequestValidator(input: CreateInput, { store }): RequestValidator {
    // Recorded: test_create_request_validator_invalid_api_id, a 400.
    if (!restApis(store).has(input.restApiId)) throw badRequest("Invalid REST API identifier specified");
    const validator = {
      id: shortId(),
      name: nameOf(input.name),
      validateRequestBody: input.validateRequestBody ?? false,
      validateRequestParameters: input.validateRequestParameters ?? false,
    };
    requestValidators(store, input.restApiId).put(validator.id, validator);
    return validator;
  },

  GetRequestValidator: (input: Identified, context) => requireValidator(input, context),

  GetRequestValidators(input: PageRequest & { restApiId: string }, context) {
    const api = requireRestApi(context, input.restApiId);
    return page(requestValidators(context.store, api.id).list(), input, ({ id }) => id);
  },

  UpdateRequestValidator(input: Identified & { patchOperations?: PatchOperation[] }, context) {
    const validator = applyPatch(patchTable, requireValidator(input, context), input.patchOperations);
    requestValidators(context.store, input.restApiId).put(validator.id, validator);
    return validator;
  },

  DeleteRequestValidator(input: Identified, context) {
    const { id } = requireValidator(input, context);
    for (const { path, resourceMethods = {} } of resources(context.store, input.restApiId).list()) {
      for (const { httpMethod, requestValidatorId } of Object.values(resourceMethods)) {
        if (requestValidatorId === id) {
          throw conflict(`Cannot delete validator '${id}', is referenced in method: ${path}/${httpMethod}`);
        }
      }
    }
    requestValidators(context.store, input.restApiId).delete(id);
    return undefined;
  },
};

const requireValidator = (
  { restApiId, requestValidatorId }: Identified,
  context: OperationContext,
): RequestValidator =>
  requireOfApi(
    requestValidators,
    restApiId,
    requestValidatorId,
    context,
    "Invalid Request Validator identifier specified",
  );

function nameOf(name: string | undefined): string {
  if (!name?.trim()) throw badRequest("Request Validator name cannot be blank");
  return name;
}

const patchTable: PatchTable<RequestValidator> = {
  refuse: refuseListingPaths,
  paths: {
    "/name": { replace: setMember("name", nameOf) },
    "/validateRequestParameters": { replace: setMember("validateRequestParameters", flag) },
    "/validateRequestBody": { replace: setMember("validateRequestBody", flag) },
  },
};
