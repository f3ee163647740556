/** Where the documents of V2 live in the store: a function per kind, which is the only place that knows its path. */
import type {
  Authorizer,
  Deployment,
  Integration,
  Model,
  Route,
  Stage,
  WebSocketApi,
} from "../../definitions/websocket-api.ts";
import type { OperationContext } from "../operation.ts";
import { notFound } from "../protocol/service-error.ts";
import type { Collection, Store } from "../store.ts";

/** A VPC link of V2: a place in a network. What it leads to, its integrations say. */
export interface VpcLinkV2 {
  vpcLinkId: string;
  name: string;
  subnetIds: string[];
  securityGroupIds: string[];
  tags: Record<string, string>;
  /** Unix time, seconds. */
  createdDate: number;
}

/** VPC links by id. */
export const vpcLinks = (store: Store): Collection<VpcLinkV2> => store.collection("v2/vpclinks");

/** WebSocket APIs by id. */
export const apis = (store: Store): Collection<WebSocketApi> => store.collection("v2/apis");

/** Everything that belongs to one API, for `deleteTree`. */
export const apiTree = (apiId: string) => `v2/apis/${apiId}`;

/** Routes by id, each with its route responses. */
export const routes = (store: Store, apiId: string): Collection<Route> =>
  store.collection(`v2/apis/${apiId}/routes`);

/** Integrations by id, each with its integration responses. */
export const integrations = (store: Store, apiId: string): Collection<Integration> =>
  store.collection(`v2/apis/${apiId}/integrations`);

/** Models by id. */
export const models = (store: Store, apiId: string): Collection<Model> =>
  store.collection(`v2/apis/${apiId}/models`);

/** Authorizers by id. */
export const authorizers = (store: Store, apiId: string): Collection<Authorizer> =>
  store.collection(`v2/apis/${apiId}/authorizers`);

/** Deployments by id. */
export const deployments = (store: Store, apiId: string): Collection<Deployment> =>
  store.collection(`v2/apis/${apiId}/deployments`);

/** Stages by name. */
export const stages = (store: Store, apiId: string): Collection<Stage> =>
  store.collection(`v2/apis/${apiId}/stages`);

/** @throws ServiceError NotFoundException, worded as AWS's users report it of V2 */
export function requireApi({ store, settings }: OperationContext, apiId: string): WebSocketApi {
  const api = apis(store).get(apiId);
  if (!api) throw notFound(`Invalid API identifier specified ${settings.accountId}:${apiId}`);
  return api;
}

/**
 * What an API has under that id.
 * @param kind as AWS names it
 * @throws ServiceError NotFoundException, for a wrong API as well
 */
export function requireOfApi<T>(
  collectionOf: (store: Store, apiId: string) => Collection<T>,
  kind: string,
  apiId: string,
  id: string,
  context: OperationContext,
): T {
  const document = collectionOf(context.store, requireApi(context, apiId).apiId).get(id);
  if (!document) throw notFound(`Invalid ${kind} identifier specified ${id}`);
  return document;
}
