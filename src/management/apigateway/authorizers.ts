/** Authorizer: who may call a method. Recorded: test_authorizer_crud_no_api, test_apigateway_with_custom_authorization_method. */
import type { Authorizer } from "../../definitions/rest-api.ts";
import { compact } from "../openapi/json.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { type PageRequest, page } from "../protocol/paging.ts";
import { badRequest, conflict } from "../protocol/service-error.ts";
import { checkAuthorizerDefinition } from "./authorizer-rules.ts";
import { authorizers, requireOfApi, requireRestApi, resources, restApis } from "./collections.ts";
import { shortId } from "./ids.ts";
import { oneOf } from "./options.ts";
import {
  applyPatch,
  listMember,
  type PatchOperation,
  type PatchTable,
  refuseListingPaths,
  setMember,
  text,
  textOrNone,
} from "./patch.ts";

interface CreateInput extends Omit<Authorizer, "id"> {
  restApiId: string;
}

export interface IdentifiedAuthorizer {
  restApiId: string;
  authorizerId: string;
}

export const authorizerHandlers: Handlers = {
  CreateAuthorizer({ restApiId, ...input }: CreateInput, { store }): Authorizer {
    const authorizer: Authorizer = compact({
      id: shortId(),
      name: input.name,
      type: input.type,
      providerARNs: input.providerARNs?.length ? input.providerARNs : undefined,
      authType: input.authType || (input.type === "COGNITO_USER_POOLS" ? "cognito_user_pools" : "custom"),
      authorizerUri: input.authorizerUri || undefined,
      authorizerCredentials: input.authorizerCredentials || undefined,
      identitySource: input.identitySource || undefined,
      identityValidationExpression: input.identityValidationExpression || undefined,
      authorizerResultTtlInSeconds: input.authorizerResultTtlInSeconds ?? undefined,
    });
    checkAuthorizerDefinition(authorizer);
    // Recorded: only then does AWS look for the API, and this is how it misses it.
    if (!restApis(store).has(restApiId)) {
      throw conflict("Unable to complete operation due to concurrent modification. Please try again later.");
    }
    checkName(authorizer, authorizers(store, restApiId).list());
    authorizers(store, restApiId).put(authorizer.id, authorizer);
    return authorizer;
  },

  GetAuthorizer: (input: IdentifiedAuthorizer, context) => requireAuthorizer(input, context),

  GetAuthorizers(input: PageRequest & { restApiId: string }, context) {
    const api = requireRestApi(context, input.restApiId);
    return page(authorizers(context.store, api.id).list(), input, ({ id }) => id);
  },

  UpdateAuthorizer(
    input: IdentifiedAuthorizer & { patchOperations?: PatchOperation[] },
    context,
  ): Authorizer {
    const authorizer = applyPatch(patchTable, requireAuthorizer(input, context), input.patchOperations);
    checkAuthorizerDefinition(authorizer);
    const collection = authorizers(context.store, input.restApiId);
    checkName(authorizer, collection.list());
    collection.put(authorizer.id, authorizer);
    return authorizer;
  },

  DeleteAuthorizer(input: IdentifiedAuthorizer, context) {
    const { id, name } = requireAuthorizer(input, context);
    for (const { path, resourceMethods = {} } of resources(context.store, input.restApiId).list()) {
      for (const { httpMethod, authorizerId } of Object.values(resourceMethods)) {
        // Users report this text: with the name, and the method before the path.
        if (authorizerId === id) {
          throw conflict(
            `Cannot delete authorizer '${name}', is referenced in method: ${httpMethod}/${path}`,
          );
        }
      }
    }
    authorizers(context.store, input.restApiId).delete(id);
    return undefined;
  },
};

/** @throws ServiceError NotFoundException, also for a wrong API */
export const requireAuthorizer = (
  { restApiId, authorizerId }: IdentifiedAuthorizer,
  context: OperationContext,
): Authorizer =>
  requireOfApi(authorizers, restApiId, authorizerId, context, "Invalid Authorizer identifier specified");

function checkName({ id, name }: Authorizer, all: Authorizer[]): void {
  if (all.some((other) => other.name === name && other.id !== id)) {
    throw badRequest(`Authorizer name must be unique. Authorizer ${name} already exists in this RestApi.`);
  }
}

const patchTable: PatchTable<Authorizer> = {
  refuse: refuseListingPaths,
  paths: {
    "/name": { replace: setMember("name", text) },
    "/type": {
      replace: setMember("type", oneOf("authorizer type", ["TOKEN", "REQUEST", "COGNITO_USER_POOLS"])),
    },
    "/providerARNs": listMember("providerARNs"),
    "/authType": { replace: setMember("authType", textOrNone) },
    "/authorizerUri": { replace: setMember("authorizerUri", textOrNone) },
    "/authorizerCredentials": { replace: setMember("authorizerCredentials", textOrNone) },
    "/identitySource": { replace: setMember("identitySource", textOrNone) },
    "/identityValidationExpression": { replace: setMember("identityValidationExpression", textOrNone) },
    "/authorizerResultTtlInSeconds": {
      replace: setMember("authorizerResultTtlInSeconds", (value) => {
        if (/^\d{1,9}$/.test(value ?? "")) return Number(value);
        throw badRequest("Invalid authorizer result TTL specified");
      }),
    },
  },
};
