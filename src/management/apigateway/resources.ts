/** Resource: a path of an API. Recorded: test_resource_lifecycle, test_update_resource_behaviour and their neighbours. */
import type { Resource, RestApi } from "../../definitions/rest-api.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { type PageRequest, page } from "../protocol/paging.ts";
import { badRequest, conflict, notFound } from "../protocol/service-error.ts";
import { children, requireResource, requireRestApi, resources } from "./collections.ts";
import { shortId } from "./ids.ts";
import { applyPatch, type PatchOperation, type PatchTable, refuseListingPaths } from "./patch.ts";
import {
  checkResourceCount,
  childKey,
  childPath,
  greedyParentFault,
  isGreedy,
  pathPartFault,
} from "./path-part.ts";

interface Identified {
  restApiId: string;
  resourceId: string;
}

interface Embedding {
  /** `methods` shows each method whole. */
  embed?: string[];
}

export const resourceHandlers: Handlers = {
  CreateResource(input: { restApiId: string; parentId: string; pathPart: string }, context): Resource {
    const parent = requireResource(context, input.restApiId, input.parentId);
    const collection = resources(context.store, input.restApiId);
    checkResourceCount(collection.count());
    checkPathPart(context, input.restApiId, parent, input.pathPart);
    const resource = {
      id: shortId(),
      parentId: parent.id,
      pathPart: input.pathPart,
      path: childPath(parent, input.pathPart),
    };
    collection.put(resource.id, resource);
    children(context.store, input.restApiId, parent.id).put(childKey(input.pathPart), { id: resource.id });
    return resource;
  },

  GetResource: (input: Identified & Embedding, context) =>
    shown(requireResource(context, input.restApiId, input.resourceId), input),

  GetResources(input: PageRequest & Embedding & { restApiId: string }, context) {
    const api = requireRestApi(context, input.restApiId);
    const { items, ...next } = page(resources(context.store, api.id).list(), input, ({ id }) => id);
    return { items: items.map((resource) => shown(resource, input)), ...next };
  },

  UpdateResource(input: Identified & { patchOperations?: PatchOperation[] }, context) {
    const before = requireResource(context, input.restApiId, input.resourceId);
    const resource = applyPatch(patchTable(input.restApiId, context), before, input.patchOperations);
    move(before, resource, input.restApiId, context);
    return shown(resource, {});
  },

  DeleteResource(input: Identified, context) {
    const api = requireRestApi(context, input.restApiId);
    const resource = requireResource(context, api.id, input.resourceId);
    if (!resource.parentId || !resource.pathPart) {
      throw badRequest("Root resource cannot be deleted.");
    }
    for (const { id } of subtreeOf(resource, api, context)) {
      resources(context.store, api.id).delete(id);
      context.store.deleteTree(`restapis/${api.id}/resources/${id}`);
    }
    children(context.store, api.id, resource.parentId).delete(childKey(resource.pathPart));
    return undefined;
  },
};

/** Without `embed`, only the methods' names are shown: `{"GET": {}}`. */
function shown(resource: Resource, { embed }: Embedding): Resource {
  const { resourceMethods } = resource;
  if (!resourceMethods || Object.keys(resourceMethods).length === 0) {
    const { resourceMethods: _, ...bare } = resource;
    return bare;
  }
  if (embed?.includes("methods")) return resource;
  const names = Object.keys(resourceMethods).map((name) => [name, {}]);
  return { ...resource, resourceMethods: Object.fromEntries(names) };
}

/**
 * @param ownId id of the resource that is to be the child, when it is there: it is no sibling of its own
 * @throws ServiceError when the parent cannot have another child of that name
 */
function checkPathPart(
  { store }: OperationContext,
  apiId: string,
  parent: Resource,
  pathPart: string,
  ownId?: string,
): void {
  const sibling = children(store, apiId, parent.id).get(childKey(pathPart ?? ""));
  const isOther = sibling !== undefined && sibling.id !== ownId;
  const siblingPart = isOther ? resources(store, apiId).get(sibling.id)?.pathPart : undefined;
  if (siblingPart !== undefined && siblingPart === pathPart) {
    throw conflict(`Another resource with the same parent already has this name: ${pathPart}`);
  }
  const fault = pathPartFault(parent, pathPart ?? "", siblingPart);
  if (fault) throw badRequest(fault);
}

const patchTable = (apiId: string, context: OperationContext): PatchTable<Resource> => ({
  refuse: refuseListingPaths,
  paths: {
    "/parentId": {
      replace(draft, { value }) {
        if (!draft.parentId) throw badRequest("Root resource cannot update its parentId.");
        const parent = resources(context.store, apiId).get(value ?? "");
        if (!parent) throw notFound("Invalid Resource identifier specified");
        if (isWithin(parent.path, draft.path)) throw badRequest("Resources cannot be cyclical.");
        checkPathPart(context, apiId, parent, draft.pathPart as string, draft.id);
        draft.parentId = parent.id;
      },
    },
    "/pathPart": {
      replace(draft, { value = "" }) {
        if (!draft.parentId) throw badRequest("Root resource cannot update its pathPart.");
        const parent = resources(context.store, apiId).get(draft.parentId) as Resource;
        checkPathPart(context, apiId, parent, value, draft.id);
        if (isGreedy(value) && children(context.store, apiId, draft.id).count() > 0) {
          throw badRequest(greedyParentFault(value));
        }
        draft.pathPart = value;
      },
    },
  },
});

/** Gives the resource its new place, and all below it their new paths. */
function move(before: Resource, after: Resource, apiId: string, context: OperationContext): void {
  if (!before.parentId || !after.parentId || !before.pathPart || !after.pathPart) return;
  if (before.parentId === after.parentId && before.pathPart === after.pathPart) return;
  const collection = resources(context.store, apiId);
  children(context.store, apiId, before.parentId).delete(childKey(before.pathPart));
  children(context.store, apiId, after.parentId).put(childKey(after.pathPart), { id: after.id });
  after.path = childPath(collection.get(after.parentId) as Resource, after.pathPart);
  collection.put(after.id, after);
  for (const resource of collection.list()) {
    if (resource.id === after.id || !isWithin(resource.path, before.path)) continue;
    collection.put(resource.id, { ...resource, path: after.path + resource.path.slice(before.path.length) });
  }
}

const isWithin = (path: string, root: string): boolean => path === root || path.startsWith(`${root}/`);

const subtreeOf = ({ path }: Resource, { id }: RestApi, { store }: OperationContext): Resource[] =>
  resources(store, id)
    .list()
    .filter((resource) => isWithin(resource.path, path));
