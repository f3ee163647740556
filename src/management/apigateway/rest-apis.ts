/** RestApi: the root of everything else of V1. */

import { snapshotKey, stageKey } from "../../definitions/published.ts";
import type { EndpointConfiguration, RestApi } from "../../definitions/rest-api.ts";
import { compact, isObject } from "../openapi/json.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { type PageRequest, page } from "../protocol/paging.ts";
import { badRequest } from "../protocol/service-error.ts";
import {
  deployments,
  models,
  requireRestApi,
  resources,
  restApis,
  restApiTree,
  stages,
} from "./collections.ts";
import { defaultModels } from "./default-models.ts";
import { endpointConfigurationOf, endpointConfigurationPaths } from "./endpoint-configuration.ts";
import { longId } from "./ids.ts";
import { oneOf } from "./options.ts";
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
import { answered, answeredWithTags } from "./rest-api-answer.ts";
import { copyWorkingCopy } from "./rest-api-clone.ts";
import { tagsOf } from "./tag-rules.ts";
import { leaveUsagePlans } from "./usage-plan-records.ts";

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
      tags: tagsOf(input.tags),
      securityPolicy: input.securityPolicy,
      endpointAccessMode: input.endpointAccessMode,
    } as RestApi);
    restApis(context.store).put(api.id, api);
    if (source) copyWorkingCopy(source, api, context.store);
    else startWorkingCopy(api, context);
    return answered(api);
  },

  GetRestApi: ({ restApiId }: { restApiId: string }, context) =>
    answeredWithTags(requireRestApi(context, restApiId)),

  GetRestApis(input: PageRequest, { store }) {
    const { items, ...next } = page(restApis(store).list(), input, ({ id }) => id);
    return { items: items.map(answered), ...next };
  },

  UpdateRestApi(
    { restApiId, patchOperations }: { restApiId: string; patchOperations?: PatchOperation[] },
    context,
  ) {
    const api = applyPatch(patchTable, requireRestApi(context, restApiId), patchOperations);
    restApis(context.store).put(api.id, api);
    return answeredWithTags(api);
  },

  DeleteRestApi({ restApiId }: { restApiId: string }, context) {
    const { store, publish } = context;
    const { id } = requireRestApi(context, restApiId);
    leaveUsagePlans(id, undefined, context);
    for (const { stageName } of stages(store, id).list()) publish.delete(stageKey(id, stageName));
    for (const deployment of deployments(store, id).list()) publish.delete(snapshotKey(id, deployment.id));
    restApis(store).delete(id);
    store.deleteTree(restApiTree(id));
    return undefined;
  },
};

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

/** The policy is kept as it was given; what is no JSON object could never be evaluated. */
function policyOf(policy: string | undefined): string | undefined {
  if (!policy) return undefined;
  try {
    if (isObject(JSON.parse(policy))) return policy;
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
      replace: setMember("apiKeySource", oneOf("API key source", ["HEADER", "AUTHORIZER"])),
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
