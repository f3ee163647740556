/**
 * An import becomes the working copy of an API: merged into what is there, or in its place.
 * Source: the guide's api-gateway-import-api-update.
 */
import type { HttpMethod, Integration, Method, Resource, RestApi } from "../../definitions/rest-api.ts";
import { checkAuthorizerDefinition } from "../apigateway/authorizer-rules.ts";
import {
  authorizers,
  children,
  gatewayResponses,
  models,
  requestValidators,
  resources,
} from "../apigateway/collections.ts";
import { checkConnection } from "../apigateway/connection-rules.ts";
import { shortId } from "../apigateway/ids.ts";
import { checkIntegration, checkIntegrationResponse, templatesOf } from "../apigateway/integration-rules.ts";
import { checkRequestParameters } from "../apigateway/method-rules.ts";
import { childKey } from "../apigateway/path-part.ts";
import { vpcLinks as v2VpcLinks } from "../apigatewayv2/collections.ts";
import { ServiceError } from "../protocol/service-error.ts";
import type { Collection, Store } from "../store.ts";
import type { ApiImport, ImportedIntegration, ImportedMethod } from "./api-import.ts";
import type { ImportReport } from "./import-report.ts";
import { compact } from "./json.ts";
import { ResourceTree } from "./resource-tree.ts";

export type ImportMode = "merge" | "overwrite";

/**
 * Writes everything but the API itself, whose root resource is there. What the document cannot have goes into
 * the report; the caller throws, which undoes what was written.
 * @param mode `overwrite` deletes what the document does not define. A resource at the same path, a model,
 *   validator or authorizer of the same name keeps its id either way (Recorded:
 *   test_import_rest_api_with_base_path_oas30).
 */
export function putWorkingCopy(
  store: Store,
  api: RestApi,
  imported: ApiImport,
  mode: ImportMode,
  report: ImportReport,
): void {
  const overwrite = mode === "overwrite";
  putByName(models(store, api.id), (model) => model.name, imported.models, overwrite);
  const validators = requestValidators(store, api.id);
  putByName(validators, (validator) => validator.id, imported.requestValidators, overwrite);
  for (const authorizer of imported.authorizers) {
    reporting(report, `Unable to create authorizer '${authorizer.name}'`, () =>
      checkAuthorizerDefinition(authorizer),
    );
  }
  const authorizerCollection = authorizers(store, api.id);
  putByName(authorizerCollection, (authorizer) => authorizer.id, imported.authorizers, overwrite);

  const responses = gatewayResponses(store, api.id);
  const types = new Set(imported.gatewayResponses.map(({ responseType }) => responseType));
  for (const { responseType } of responses.list()) {
    if (overwrite && !types.has(responseType)) responses.delete(responseType);
  }
  for (const response of imported.gatewayResponses) responses.put(response.responseType, response);

  putResources(store, api, imported, overwrite, report, {
    validators: idsByName(validators.list()),
    authorizers: idsByName(authorizerCollection.list()),
    v2VpcLinks: v2VpcLinks(store),
  });
}

interface Named {
  id: string;
  name: string;
}

const idsByName = (documents: Named[]) => new Map(documents.map(({ name, id }) => [name, id]));

function putByName<T extends Named>(
  collection: Collection<T>,
  keyOf: (document: T) => string,
  imported: Omit<T, "id">[],
  overwrite: boolean,
): void {
  const existing = new Map(collection.list().map((document) => [document.name, document]));
  const names = new Set(imported.map(({ name }) => name as string));
  for (const document of existing.values()) {
    if (overwrite && !names.has(document.name)) collection.delete(keyOf(document));
  }
  for (const document of imported) {
    const id = existing.get(document.name as string)?.id ?? shortId();
    const value = { id, ...document } as unknown as T;
    collection.put(keyOf(value), value);
  }
}

interface Ids {
  validators: ReadonlyMap<string, string>;
  authorizers: ReadonlyMap<string, string>;
  v2VpcLinks: { has(id: string): boolean };
}

function putResources(
  store: Store,
  api: RestApi,
  imported: ApiImport,
  overwrite: boolean,
  report: ImportReport,
  ids: Ids,
): void {
  const collection = resources(store, api.id);
  const before = collection.list();
  const known = new Map(before.map((resource) => [resource.path, resource]));
  const kept = overwrite ? before.filter(({ path }) => path === "/").map(withoutMethods) : before;
  const tree = new ResourceTree(kept, (path) => known.get(path)?.id ?? shortId());
  const changed = new Set<Resource>(overwrite ? kept : []);
  for (const { path, methods } of imported.resources) {
    const resource = tree.at(path, report);
    if (!resource || methods.length === 0) continue;
    changed.add(resource);
    resource.resourceMethods = {
      ...resource.resourceMethods,
      ...Object.fromEntries(
        methods.map((method) => [method.httpMethod, methodOf(method, resource, ids, report)]),
      ),
    };
  }
  const after = tree.resources();
  const paths = new Set(after.map(({ path }) => path));
  for (const { id, parentId, pathPart, path } of before) {
    if (paths.has(path) || !parentId || !pathPart) continue;
    collection.delete(id);
    children(store, api.id, parentId).delete(childKey(pathPart));
  }
  for (const resource of after) {
    const { id, parentId, pathPart, path } = resource;
    if (known.get(path) === resource && !changed.has(resource)) continue;
    collection.put(id, resource);
    if (parentId && pathPart) children(store, api.id, parentId).put(childKey(pathPart), { id });
  }
}

const withoutMethods = ({ resourceMethods: _, ...resource }: Resource): Resource => resource;

/** What a method names gets its id. */
function methodOf(
  { authorizerName, requestValidatorName, integration, ...method }: ImportedMethod,
  resource: Resource,
  ids: Ids,
  report: ImportReport,
): Method {
  const requestValidatorId = requestValidatorName && ids.validators.get(requestValidatorName);
  if (requestValidatorName && !requestValidatorId) {
    refuse(report, method.httpMethod, resource, "Invalid Request Validator identifier specified");
  }
  reporting(
    report,
    `Unable to put method '${method.httpMethod}' on resource at path '${resource.path}'`,
    () => checkRequestParameters(method.requestParameters),
  );
  const methodIntegration = integration && integrationOf(integration, resource);
  const made: Method = compact({
    ...method,
    authorizerId: authorizerName && ids.authorizers.get(authorizerName),
    requestValidatorId,
    methodIntegration,
  } as Method);
  if (methodIntegration) checkRules(made, methodIntegration, resource, ids, report);
  return made;
}

function integrationOf(imported: ImportedIntegration, { id }: Resource): Integration {
  const integration: Integration = { cacheNamespace: id, ...imported } as Integration;
  return compact({
    ...integration,
    requestTemplates: templatesOf(integration.requestTemplates),
    integrationResponses:
      integration.integrationResponses &&
      Object.fromEntries(
        Object.entries(integration.integrationResponses).map(([status, response]) => [
          status,
          compact({ ...response, responseTemplates: templatesOf(response.responseTemplates) }),
        ]),
      ),
  } as Integration);
}

/** The rules of PutIntegration and PutIntegrationResponse. */
function checkRules(
  method: Method,
  integration: Integration,
  { path }: Resource,
  { v2VpcLinks }: Ids,
  report: ImportReport,
): void {
  const check = (what: string, rule: () => void) =>
    reporting(report, `Unable to put ${what} on '${method.httpMethod}' for resource at path '${path}'`, rule);
  check("integration", () => {
    checkIntegration(integration, method);
    checkConnection(integration, v2VpcLinks);
  });
  for (const response of Object.values(integration.integrationResponses ?? {})) {
    check("integration response", () => checkIntegrationResponse(response, method));
  }
}

/** What breaks the rule is an error of the import. */
function reporting(report: ImportReport, what: string, rule: () => void): void {
  try {
    rule();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    report.error(`${what}: ${error.message}`);
  }
}

const refuse = (report: ImportReport, httpMethod: HttpMethod, { path }: Resource, message: string) =>
  report.error(`Unable to put method '${httpMethod}' on resource at path '${path}': ${message}`);
