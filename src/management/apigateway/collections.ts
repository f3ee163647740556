/**
 * Where the working copies of V1 live in the store: a function per kind, which is the only place that knows
 * its path. Ids in a path are those of documents that were found, never a caller's text unchecked.
 */
import type { ApiKey, UsagePlan } from "../../definitions/api-key.ts";
import type {
  Authorizer,
  ClientCertificate,
  Deployment,
  GatewayResponse,
  KeyPair,
  Model,
  RequestValidator,
  Resource,
  RestApi,
  Stage,
  VpcLink,
} from "../../definitions/rest-api.ts";
import type { OperationContext } from "../operation.ts";
import { notFound } from "../protocol/service-error.ts";
import type { Collection, Store } from "../store.ts";

/** REST APIs by id. */
export const restApis = (store: Store): Collection<RestApi> => store.collection("restapis");

/** Everything that belongs to one API, for `deleteTree`. */
export const restApiTree = (apiId: string) => `restapis/${apiId}`;

/** Resources by id, each with its methods, integrations and responses. */
export const resources = (store: Store, apiId: string): Collection<Resource> =>
  store.collection(`restapis/${apiId}/resources`);

/** Ids of a resource's children, by `childKey` of their path parts. */
export const children = (store: Store, apiId: string, parentId: string): Collection<{ id: string }> =>
  store.collection(`restapis/${apiId}/resources/${parentId}/children`);

/** Models by name. */
export const models = (store: Store, apiId: string): Collection<Model> =>
  store.collection(`restapis/${apiId}/models`);

/** Request validators by id. */
export const requestValidators = (store: Store, apiId: string): Collection<RequestValidator> =>
  store.collection(`restapis/${apiId}/requestvalidators`);

/** Authorizers by id. */
export const authorizers = (store: Store, apiId: string): Collection<Authorizer> =>
  store.collection(`restapis/${apiId}/authorizers`);

/** Gateway responses that were put, by response type. */
export const gatewayResponses = (store: Store, apiId: string): Collection<GatewayResponse> =>
  store.collection(`restapis/${apiId}/gatewayresponses`);

/** Deployments by id. */
export const deployments = (store: Store, apiId: string): Collection<Deployment> =>
  store.collection(`restapis/${apiId}/deployments`);

/** Stages by name. */
export const stages = (store: Store, apiId: string): Collection<Stage> =>
  store.collection(`restapis/${apiId}/stages`);

/** Client certificates by id. */
export const clientCertificates = (store: Store): Collection<ClientCertificate> =>
  store.collection("clientcertificates");

/** The same with their private keys, which no operation reads: they are for the data plane alone. */
export const clientCertificateKeys = (store: Store): Collection<KeyPair> =>
  store.collection("clientcertificate-keys");

/** VPC links by id. */
export const vpcLinks = (store: Store): Collection<VpcLink> => store.collection("vpclinks");

/** API keys by id. */
export const apiKeys = (store: Store): Collection<ApiKey> => store.collection("apikeys");

/** What lists of API keys ask for: without descriptions, which may have 125,000 characters. */
export type ApiKeyEntry = Pick<ApiKey, "id" | "name" | "customerId">;

/** API keys by their values, which are unique, in the order in which they were made. */
export const apiKeyEntries = (store: Store): Collection<ApiKeyEntry> => store.collection("apikeyvalues");

/** Ids of the plans that a key is in. */
export const plansOfKey = (store: Store, keyId: string): Collection<{ id: string }> =>
  store.collection(`apikeys/${keyId}/usageplans`);

/** Usage plans by id. */
export const usagePlans = (store: Store): Collection<UsagePlan> => store.collection("usageplans");

/** Ids of a plan's keys, in the order in which they joined it. */
export const keysOfPlan = (store: Store, planId: string): Collection<{ id: string }> =>
  store.collection(`usageplans/${planId}/keys`);

/**
 * What an API has under that id or name.
 * @throws ServiceError NotFoundException with the refusal, which is the same for a wrong API, as AWS answers
 */
export function requireOfApi<T>(
  collectionOf: (store: Store, apiId: string) => Collection<T>,
  restApiId: string,
  key: string,
  { store }: OperationContext,
  refusal: string,
): T {
  const document = restApis(store).has(restApiId) ? collectionOf(store, restApiId).get(key) : undefined;
  if (!document) throw notFound(refusal);
  return document;
}

/**
 * The resource of that id.
 * Recorded: test_put_method_validation, test_get_integration_non_existent.
 * @throws ServiceError NotFoundException
 */
export const requireResource = (context: OperationContext, restApiId: string, resourceId: string): Resource =>
  requireOfApi(resources, restApiId, resourceId, context, "Invalid Resource identifier specified");

/**
 * The API of that id.
 * @throws ServiceError NotFoundException, worded as most operations do (rest-behaviour: texts differ by
 *   operation; those that differ say so themselves)
 */
export function requireRestApi(context: OperationContext, restApiId: string): RestApi {
  const api = restApis(context.store).get(restApiId);
  if (!api) {
    throw notFound(`Invalid API identifier specified ${context.settings.accountId}:${restApiId}`);
  }
  return api;
}
