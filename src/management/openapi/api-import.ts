/**
 * What an OpenAPI document describes, before it becomes a working copy: things refer to each other by name and
 * path, since nothing has an id yet.
 */
import type {
  Authorizer,
  GatewayResponse,
  Integration,
  Method,
  Model,
  RequestValidator,
  RestApi,
} from "../../definitions/rest-api.ts";

export interface ApiImport {
  info: { name: string; description?: string; version?: string };
  settings: ImportedSettings;
  models: Omit<Model, "id">[];
  requestValidators: Omit<RequestValidator, "id">[];
  authorizers: Omit<Authorizer, "id">[];
  gatewayResponses: GatewayResponse[];
  /** In the document's order; without those that only lead to others. */
  resources: ImportedResource[];
}

/** The API's own settings that a document may hold; absent where it says nothing. */
export interface ImportedSettings
  extends Partial<
    Pick<
      RestApi,
      "apiKeySource" | "binaryMediaTypes" | "minimumCompressionSize" | "policy" | "disableExecuteApiEndpoint"
    >
  > {
  vpcEndpointIds?: string[];
}

export interface ImportedResource {
  /** With the base path in front as the `basepath` parameter says; no slash at the end but the root's. */
  path: string;
  methods: ImportedMethod[];
}

export interface ImportedMethod
  extends Omit<Method, "authorizerId" | "requestValidatorId" | "methodIntegration"> {
  authorizerName?: string;
  requestValidatorName?: string;
  integration?: ImportedIntegration;
}

/** Its cache namespace is the resource's id unless the document names one. */
export type ImportedIntegration = Omit<Integration, "cacheNamespace"> & { cacheNamespace?: string };
