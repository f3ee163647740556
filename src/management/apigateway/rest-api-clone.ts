/** CreateRestApi's `cloneFrom`: the working copy of one API becomes that of another. */
import type { Method, Resource, RestApi } from "../../definitions/rest-api.ts";
import { compact } from "../openapi/json.ts";
import { modelUrl } from "../openapi/schemas.ts";
import type { Collection, Store } from "../store.ts";
import {
  authorizers,
  children,
  gatewayResponses,
  models,
  requestValidators,
  resources,
} from "./collections.ts";
import { childKey } from "./path-part.ts";

/** Copies everything but deployments and stages; ids stay, but the root's, since they are only unique within an API. */
export function copyWorkingCopy(source: RestApi, api: RestApi, store: Store): void {
  const idOf = (id: string) => (id === source.rootResourceId ? api.rootResourceId : id);
  for (const { parentId, ...resource } of resources(store, source.id).list()) {
    const id = idOf(resource.id);
    const copied: Resource = { ...resource, id, parentId: parentId && idOf(parentId) };
    resources(store, api.id).put(id, compact({ ...copied, resourceMethods: methodsOf(resource, id) }));
    if (parentId && resource.pathPart) {
      children(store, api.id, idOf(parentId)).put(childKey(resource.pathPart), { id });
    }
  }
  for (const model of models(store, source.id).list()) {
    // Models refer to one another by URLs that name their API.
    const schema = model.schema?.replaceAll(modelUrl(source.id, ""), modelUrl(api.id, ""));
    models(store, api.id).put(model.name, compact({ ...model, schema }));
  }
  const copy = <T>(
    collectionOf: (store: Store, apiId: string) => Collection<T>,
    keyOf: (document: T) => string,
  ) => {
    for (const document of collectionOf(store, source.id).list()) {
      collectionOf(store, api.id).put(keyOf(document), document);
    }
  };
  copy(requestValidators, ({ id }) => id);
  copy(authorizers, ({ id }) => id);
  copy(gatewayResponses, ({ responseType }) => responseType);
}

/** An integration that caches under its resource's id does so under the new one. */
function methodsOf(source: Resource, id: string): Resource["resourceMethods"] {
  return (
    source.resourceMethods &&
    Object.fromEntries(
      Object.entries(source.resourceMethods).map(([name, method]) => [name, withNamespace(method)]),
    )
  );
  function withNamespace(method: Method): Method {
    const integration = method.methodIntegration;
    if (integration?.cacheNamespace !== source.id) return method;
    return { ...method, methodIntegration: { ...integration, cacheNamespace: id } };
  }
}
