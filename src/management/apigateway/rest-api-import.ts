/** ImportRestApi and PutRestApi: an API made of an OpenAPI document, or changed by one. */
import type { RestApi } from "../../definitions/rest-api.ts";
import type { ApiImport } from "../openapi/api-import.ts";
import type { BasePathMode } from "../openapi/base-path.ts";
import { type OpenApiDocument, readDocument } from "../openapi/document.ts";
import { ImportReport } from "../openapi/import-report.ts";
import { compact } from "../openapi/json.ts";
import { readOpenApi } from "../openapi/read-openapi.ts";
import { type ImportMode, putWorkingCopy } from "../openapi/working-copy.ts";
import type { Handler, OperationContext } from "../operation.ts";
import { badRequest } from "../protocol/service-error.ts";
import { models, requireRestApi, resources, restApis } from "./collections.ts";
import { endpointType } from "./endpoint-configuration.ts";
import { longId } from "./ids.ts";
import { answered, answeredWithTags } from "./rest-api-answer.ts";

interface ImportInput {
  failOnWarnings?: boolean;
  /** What else stood in the query: `basepath`, `endpointConfigurationTypes`. */
  parameters?: Record<string, string>;
  /** The document; a blob. */
  body: Uint8Array | string;
}

interface PutInput extends ImportInput {
  restApiId: string;
  mode?: ImportMode;
}

/** Answers with the API as CreateRestApi does, and with what the import warns of. */
export const importRestApi: Handler<ImportInput> = (input, context) => {
  const document = documentOf(input, context);
  const api: RestApi = {
    id: longId(),
    name: "",
    createdDate: context.now,
    apiKeySource: "HEADER",
    endpointConfiguration: endpointConfigurationOf(input),
    disableExecuteApiEndpoint: false,
    rootResourceId: longId(),
  };
  resources(context.store, api.id).put(api.rootResourceId, { id: api.rootResourceId, path: "/" });
  return answered(apply(document, api, "overwrite", input, context));
};

/** Answers with the API as GetRestApi does, and with what the import warns of. */
export const putRestApi: Handler<PutInput> = (input, context) => {
  // A bad document comes before a bad id. Recorded: test_import_api_bad_file.
  const document = documentOf(input, context);
  const api = requireRestApi(context, input.restApiId);
  const changed = apply(document, api, input.mode ?? "merge", input, context);
  return answeredWithTags(changed);
};

const documentOf = ({ body }: ImportInput, { settings }: OperationContext): OpenApiDocument =>
  readDocument(body, {
    accountId: settings.accountId,
    region: settings.region,
    partition: partitionOf(settings.region),
  });

const partitionOf = (region: string) =>
  region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";

/** The guide's import-edge-optimized-api and import-export-api-endpoints. */
function endpointConfigurationOf({ parameters }: ImportInput): RestApi["endpointConfiguration"] {
  const type = endpointType(parameters?.endpointConfigurationTypes ?? "EDGE");
  return { types: [type], ipAddressType: type === "PRIVATE" ? "dualstack" : "ipv4" };
}

function basePathModeOf({ parameters }: ImportInput): BasePathMode {
  const mode = parameters?.basepath ?? "ignore";
  if (mode !== "ignore" && mode !== "prepend" && mode !== "split") {
    throw badRequest("Invalid basepath specified. Must be one of: [ignore, prepend, split]");
  }
  return mode;
}

function apply(
  document: OpenApiDocument,
  api: RestApi,
  mode: ImportMode,
  input: ImportInput,
  { store }: OperationContext,
): RestApi & { warnings?: string[] } {
  const report = new ImportReport();
  const existingModels = mode === "merge" ? models(store, api.id).list() : [];
  const imported = readOpenApi(
    document,
    {
      restApiId: api.id,
      basePath: basePathModeOf(input),
      existingModels: new Set(existingModels.map(({ name }) => name)),
    },
    report,
  );
  const changed = withImport(api, imported, mode);
  restApis(store).put(api.id, changed);
  putWorkingCopy(store, changed, imported, mode, report);
  const refusal = report.refusal(input.failOnWarnings === true);
  if (refusal) throw refusal;
  return compact({ ...changed, warnings: report.warnings.length > 0 ? report.warnings : undefined });
}

/**
 * The API's own members after an import. Its endpoint type, tags and the like stay as they were (the guide's
 * api-gateway-import-api-update); binary media types are merged into those there were (Recorded:
 * test_put_rest_api_mode_binary_media_types).
 */
function withImport(api: RestApi, { info, settings }: ApiImport, mode: ImportMode): RestApi {
  const { vpcEndpointIds, ...own } = settings;
  const { description, version, binaryMediaTypes, minimumCompressionSize, policy, ...kept } = api;
  const before =
    mode === "merge"
      ? {
          description,
          version,
          binaryMediaTypes,
          minimumCompressionSize,
          policy,
          apiKeySource: api.apiKeySource,
        }
      : { apiKeySource: "HEADER" as const };
  const merged =
    mode === "merge" && binaryMediaTypes && own.binaryMediaTypes
      ? { binaryMediaTypes: [...new Set([...binaryMediaTypes, ...own.binaryMediaTypes])] }
      : {};
  return compact({
    ...kept,
    ...before,
    ...info,
    ...own,
    ...merged,
    endpointConfiguration: vpcEndpointIds
      ? { ...api.endpointConfiguration, vpcEndpointIds }
      : api.endpointConfiguration,
  });
}
