/** RestApi: the root of everything else of V1. */

import { snapshotKey, stageKey } from "../../definitions/published.ts";
import type { EndpointConfiguration, RestApi } from "../../definitions/rest-api.ts";
import { compact } from "../openapi/json.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { type PageRequest, page } from "../protocol/paging.ts";
import { badRequest } from "../protocol/service-error.ts";
import type { Collection, Store } from "../store.ts";
import {
  authorizers,
  children,
  deployments,
  gatewayResponses,
  models,
  requestValidators,
  requireRestApi,
  resources,
  restApis,
  restApiTree,
  stages,
} from "./collections.ts";
import { defaultModels } from "./default-models.ts";
import { endpointConfigurationOf, endpointConfigurationPaths } from "./endpoint-configuration.ts";
import { longId } from "./ids.ts";
import {
  applyPatch,
  flag,
  type PatchOperation,
  type PatchTable,
  refusePathOrOperation,
  removeMember,
  setMember,
  textOrNone,
} from "./patch.ts";
import { childKey } from "./path-part.ts";
import { checkTags } from "./tags.ts";

interface CreateInput {
  name: string;
  description?: string;
  version?: string;
  cloneFrom?: string;
  binaryMediaTypes?: string[];
  minimumCompressionSize?: number;
  apiKeySource?: RestApi["apiKeySource"];
  endpointConfiguration?: EndpointConfiguration;
  policy?: string;
  tags?: Record<string, string>;
  disableExecuteApiEndpoint?: boolean;
  securityPolicy?: string;
  endpointAccessMode?: string;
}

const largestCompressionSize = 10_485_760;

export const restApiHandlers: Handlers = {
  CreateRestApi(input: CreateInput, context): RestApi {
    if (input.description === "") throw badRequest("Description cannot be an empty string");
    const source = input.cloneFrom === undefined ? undefined : requireRestApi(context, input.cloneFrom);
    const api: RestApi = compact({
      id: longId(),
      name: nameOf(input.name),
      description: input.description ?? source?.description,
      version: input.version ?? source?.version,
      createdDate: context.now,
      apiKeySource: input.apiKeySource ?? source?.apiKeySource ?? "HEADER",
      binaryMediaTypes: nonEmpty(input.binaryMediaTypes) ?? source?.binaryMediaTypes,
      minimumCompressionSize:
        compressionSizeOf(input.minimumCompressionSize) ?? source?.minimumCompressionSize,
      endpointConfiguration: endpointConfigurationOf(
        input.endpointConfiguration ?? source?.endpointConfiguration,
      ),
      policy: policyOf(input.policy ?? source?.policy),
      disableExecuteApiEndpoint:
        input.disableExecuteApiEndpoint ?? source?.disableExecuteApiEndpoint ?? false,
      rootResourceId: longId(),
      tags: nonEmptyTags(input.tags),
      securityPolicy: input.securityPolicy,
      endpointAccessMode: input.endpointAccessMode,
    } as RestApi);
    restApis(context.store).put(api.id, api);
    if (source) copyWorkingCopy(source, api, context);
    else startWorkingCopy(api, context);
    return api;
  },

  GetRestApi: ({ restApiId }: { restApiId: string }, context) => shown(requireRestApi(context, restApiId)),

  GetRestApis: (input: PageRequest, { store }) => page(restApis(store).list(), input, ({ id }) => id),

  UpdateRestApi(
    { restApiId, patchOperations }: { restApiId: string; patchOperations?: PatchOperation[] },
    context,
  ) {
    const api = applyPatch(patchTable, requireRestApi(context, restApiId), patchOperations);
    restApis(context.store).put(api.id, api);
    return shown(api);
  },

  DeleteRestApi({ restApiId }: { restApiId: string }, context) {
    const { store, publish } = context;
    const { id } = requireRestApi(context, restApiId);
    for (const { stageName } of stages(store, id).list()) publish.delete(stageKey(id, stageName));
    for (const deployment of deployments(store, id).list()) publish.delete(snapshotKey(id, deployment.id));
    restApis(store).delete(id);
    store.deleteTree(restApiTree(id));
    return undefined;
  },
};

/** Recorded: Get and Update show `tags: {}`, Create and lists leave it out (rest-behaviour, rule 2). */
const shown = (api: RestApi): RestApi => ({ ...api, tags: api.tags ?? {} });

function nameOf(name: string | undefined): string {
  if (!name) throw badRequest("Name cannot be empty");
  if (name.length > 1024) throw badRequest("Invalid API name specified, can be at most 1024 characters.");
  return name;
}

function compressionSizeOf(size: number | undefined): number | undefined {
  if (size === undefined || (Number.isInteger(size) && size >= 0 && size <= largestCompressionSize))
    return size;
  throw badRequest(`Invalid minimum compression size, must be between 0 and ${largestCompressionSize}`);
}

const nonEmpty = (types: string[] | undefined) =>
  types && types.length > 0 ? [...new Set(types)] : undefined;

function nonEmptyTags(tags: Record<string, string> | undefined): Record<string, string> | undefined {
  if (!tags || Object.keys(tags).length === 0) return undefined;
  checkTags(tags);
  return tags;
}

/** The policy is kept as it was given; what is no JSON object could never be evaluated. */
function policyOf(policy: string | undefined): string | undefined {
  if (!policy) return undefined;
  try {
    if (typeof JSON.parse(policy) === "object") return policy;
  } catch {}
  throw badRequest(
    "Invalid policy document. Please check the policy syntax and ensure that Principals are valid.",
  );
}

const patchTable: PatchTable<RestApi> = {
  refuse: refusePathOrOperation,
  paths: {
    "/name": { replace: setMember("name", (value) => nameOf(value)) },
    "/description": { replace: setMember("description", textOrNone), remove: removeMember("description") },
    "/version": { replace: setMember("version", textOrNone) },
    "/policy": { replace: setMember("policy", policyOf), remove: removeMember("policy") },
    "/apiKeySource": {
      replace: setMember("apiKeySource", (value) => {
        if (value === "HEADER" || value === "AUTHORIZER") return value;
        throw badRequest("Invalid API key source specified. Valid options are HEADER,AUTHORIZER");
      }),
    },
    "/minimumCompressionSize": {
      // The API reference: replacing by null or nothing turns compression off.
      replace: setMember("minimumCompressionSize", (value) => {
        if (!value) return undefined;
        return compressionSizeOf(/^-?\d{1,9}$/.test(value) ? Number(value) : Number.NaN);
      }),
    },
    "/disableExecuteApiEndpoint": { replace: setMember("disableExecuteApiEndpoint", flag) },
    "/securityPolicy": { replace: setMember("securityPolicy", textOrNone) },
    "/endpointAccessMode": { replace: setMember("endpointAccessMode", textOrNone) },
    // A list that is patched as a map is: `/binaryMediaTypes/-` adds the type "-". Recorded:
    // test_update_rest_api_behaviour; a replaced type moves to the end: test_update_rest_api_operation_add_remove.
    "/binaryMediaTypes/{type}": {
      add: (draft, { params }) => setMediaTypes(draft, params[0], params[0]),
      remove: (draft, { params }) => setMediaTypes(draft, params[0], undefined),
      replace: (draft, { params, value }) => setMediaTypes(draft, params[0], value),
    },
    ...endpointConfigurationPaths,
  },
};

function setMediaTypes(draft: RestApi, removed: string | undefined, added: string | undefined): void {
  const types = (draft.binaryMediaTypes ?? []).filter((type) => type !== removed && type !== added);
  if (added) types.push(added);
  if (types.length > 0) draft.binaryMediaTypes = types;
  else delete draft.binaryMediaTypes;
}

function startWorkingCopy(api: RestApi, { store }: OperationContext): void {
  resources(store, api.id).put(api.rootResourceId, { id: api.rootResourceId, path: "/" });
  for (const model of defaultModels()) models(store, api.id).put(model.name, model);
}

/** Everything but deployments and stages; ids stay, since they are only unique within an API. */
function copyWorkingCopy(source: RestApi, api: RestApi, { store }: OperationContext): void {
  const idOf = (id: string) => (id === source.rootResourceId ? api.rootResourceId : id);
  for (const { parentId, ...resource } of resources(store, source.id).list()) {
    const id = idOf(resource.id);
    resources(store, api.id).put(id, compact({ ...resource, id, parentId: parentId && idOf(parentId) }));
    if (parentId && resource.pathPart) {
      children(store, api.id, idOf(parentId)).put(childKey(resource.pathPart), { id });
    }
  }
  const copy = <T>(
    collectionOf: (store: Store, apiId: string) => Collection<T>,
    keyOf: (document: T) => string,
  ) => {
    for (const document of collectionOf(store, source.id).list()) {
      collectionOf(store, api.id).put(keyOf(document), document);
    }
  };
  copy(models, ({ name }) => name);
  copy(requestValidators, ({ id }) => id);
  copy(authorizers, ({ id }) => id);
  copy(gatewayResponses, ({ responseType }) => responseType);
}
