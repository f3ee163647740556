/** Functions: create, get, list, update, delete, publish. Recorded: test_function_lifecycle, test_create_lambda_exceptions. */
import { functionCodeKey, functionKey } from "../../definitions/published.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { ServiceError } from "../protocol/service-error.ts";
import { type ReadCode, readZip } from "./function-code.ts";
import {
  configurationOf,
  type FunctionDocument,
  functionArn,
  functions,
  putFunction,
  type VersionDocument,
} from "./function-document.ts";
import { findVersion, type NamedFunction, parseFunctionName, requireFunction } from "./function-name.ts";
import { checkRevision, functionNotFound, invalidParameter, resourceConflict } from "./lambda-error.ts";
import { type MarkerRequest, markerPage } from "./marker-page.ts";
import { publishVersion } from "./versions.ts";

interface Configuration {
  Role?: string;
  Handler?: string;
  Runtime?: string;
  Description?: string;
  Timeout?: number;
  MemorySize?: number;
  Environment?: { Variables?: Record<string, string> };
  TracingConfig?: { Mode?: string };
  EphemeralStorage?: { Size: number };
  RevisionId?: string;
}

interface CreateInput extends Configuration {
  FunctionName: string;
  Role: string;
  Code: { ZipFile?: Uint8Array; S3Bucket?: string; ImageUri?: string };
  PackageType?: string;
  Architectures?: string[];
  Layers?: string[];
  Publish?: boolean;
  Tags?: Record<string, string>;
}

const creating = {
  State: "Pending",
  StateReason: "The function is being created.",
  StateReasonCode: "Creating",
};
const updating = {
  State: "Active",
  LastUpdateStatus: "InProgress",
  LastUpdateStatusReason: "The function is being created.",
  LastUpdateStatusReasonCode: "Creating",
};

export const functionHandlers: Handlers = {
  CreateFunction(input: CreateInput, context) {
    checkSupport(input, context);
    const { name } = parseFunctionName(input.FunctionName, undefined, context);
    if (name.length > 64) {
      throw invalidParameter(
        `1 validation error detected: Value '${name}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 64`,
      );
    }
    if (functions(context).has(name)) throw resourceConflict(`Function already exist: ${name}`);
    const code = readZip(input.Code.ZipFile);
    const latest: VersionDocument = configured(
      {
        version: "$LATEST",
        description: "",
        runtime: "",
        role: input.Role,
        handler: "",
        timeout: 3,
        memorySize: 128,
        architectures: input.Architectures ?? ["x86_64"],
        tracingMode: "PassThrough",
        ephemeralStorage: 512,
        codeSha256: code.codeSha256,
        codeSize: code.codeSize,
        revisionId: "",
        lastModified: "",
      },
      input,
    );
    if (!latest.handler) throw invalidParameter("Handler is a mandatory parameter");
    const document: FunctionDocument = {
      name,
      latest,
      published: [],
      nextVersion: 1,
      aliases: [],
      permissions: {},
      policyRevisionId: crypto.randomUUID(),
      ...(input.Tags ? { tags: input.Tags } : {}),
    };
    publishCode(code, context);
    const shown = input.Publish ? publishVersion(document, undefined) : document.latest;
    putFunction(document, context);
    return configurationOf(document, shown, undefined, context, creating);
  },

  GetFunction(input: NamedFunction, context) {
    const { document, version, qualifier } = findVersion(input, context);
    return {
      Configuration: configurationOf(document, version, qualifier, context),
      Code: { RepositoryType: "S3" },
      Tags: qualifier === undefined && document.tags ? document.tags : undefined,
    };
  },

  GetFunctionConfiguration(input: NamedFunction, context) {
    const { document, version, qualifier } = findVersion(input, context);
    return configurationOf(document, version, qualifier, context);
  },

  ListFunctions(input: MarkerRequest & { FunctionVersion?: string }, context) {
    const all = functions(context)
      .list()
      .flatMap((document) => {
        const versions =
          input.FunctionVersion === "ALL" ? [document.latest, ...document.published] : [document.latest];
        return versions.map((version) => ({ document, version }));
      });
    const { items, NextMarker } = markerPage(
      all,
      input,
      ({ document, version }) => `${document.name}:${version.version}`,
    );
    return {
      Functions: items.map(({ document, version }) =>
        configurationOf(
          document,
          version,
          input.FunctionVersion === "ALL" ? version.version : undefined,
          context,
          {},
        ),
      ),
      NextMarker,
    };
  },

  UpdateFunctionCode(
    input: NamedFunction & {
      ZipFile?: Uint8Array;
      S3Bucket?: string;
      Publish?: boolean;
      DryRun?: boolean;
      RevisionId?: string;
    },
    context,
  ) {
    const { document } = findVersion(input, context);
    checkRevision(input.RevisionId, document.latest.revisionId);
    if (input.S3Bucket) throw fromS3();
    const code = readZip(input.ZipFile);
    const before = document.latest;
    document.latest = stamped({ ...before, codeSha256: code.codeSha256, codeSize: code.codeSize });
    if (input.DryRun) return configurationOf(document, document.latest, undefined, context);
    publishCode(code, context);
    const shown = input.Publish ? publishVersion(document, undefined) : document.latest;
    putFunction(document, context);
    dropCode([before.codeSha256], context);
    return configurationOf(document, shown, input.Publish ? shown.version : undefined, context, updating);
  },

  UpdateFunctionConfiguration(input: NamedFunction & Configuration, context) {
    const { document } = findVersion(input, context);
    checkRevision(input.RevisionId, document.latest.revisionId);
    document.latest = configured(document.latest, input);
    putFunction(document, context);
    return configurationOf(document, document.latest, undefined, context, updating);
  },

  DeleteFunction(input: NamedFunction, context) {
    const reference = parseFunctionName(input.FunctionName, input.Qualifier, context);
    const document = requireFunction(reference, context);
    if (reference.qualifier === "$LATEST") {
      throw invalidParameter("$LATEST version cannot be deleted without deleting the function.");
    }
    if (reference.qualifier !== undefined) {
      deleteVersion(document, reference.qualifier, context);
      return { StatusCode: 204 };
    }
    functions(context).delete(document.name);
    context.publish.delete(functionKey(document.name));
    dropCode(
      [document.latest, ...document.published].map(({ codeSha256 }) => codeSha256),
      context,
    );
    return { StatusCode: 204 };
  },
};

const fromS3 = () =>
  invalidParameter(
    "Sallyport takes a function's code as a zip file (Code.ZipFile); it does not read from S3.",
  );

function checkSupport(input: CreateInput, { settings }: OperationContext): void {
  if (!settings.hasFunctions) {
    throw new ServiceError(
      "NotImplementedException",
      501,
      "Stored functions need a worker loader, which this deployment has not (the free plan has none): see worker_loaders in wrangler.toml.",
    );
  }
  if (input.PackageType === "Image" || input.Code.ImageUri) {
    throw invalidParameter("Sallyport runs functions from zip files; container images are not supported.");
  }
  if (input.Code.S3Bucket) throw fromS3();
  if (input.Layers && input.Layers.length > 0) {
    throw invalidParameter("Sallyport has no layers: put a function's dependencies into its zip.");
  }
}

/** The version with what the input says of its configuration. */
function configured(version: VersionDocument, input: Configuration): VersionDocument {
  const runtime = input.Runtime ?? version.runtime;
  if (!/^nodejs\d+\.x$/.test(runtime)) {
    throw invalidParameter(
      `Value ${runtime || "null"} at 'runtime' failed to satisfy constraint: Sallyport runs the nodejs runtimes (nodejs20.x, nodejs22.x, nodejs24.x).`,
    );
  }
  const environment = input.Environment?.Variables ?? version.environment;
  checkEnvironment(environment);
  return stamped({
    ...version,
    runtime,
    role: input.Role ?? version.role,
    handler: input.Handler ?? version.handler,
    description: input.Description ?? version.description,
    timeout: input.Timeout ?? version.timeout,
    memorySize: input.MemorySize ?? version.memorySize,
    tracingMode: input.TracingConfig?.Mode ?? version.tracingMode,
    ephemeralStorage: input.EphemeralStorage?.Size ?? version.ephemeralStorage,
    ...(environment ? { environment } : {}),
  });
}

/** Set by the runtime, or kept for it (the Lambda developer guide's configuration-envvars, "Reserved environment variables"). */
const reservedVariables: ReadonlySet<string> = new Set([
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_LAMBDA_RUNTIME_API",
  "AWS_REGION",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SECRET_KEY",
  "AWS_SECURITY_TOKEN",
  "AWS_SESSION_TOKEN",
  "LAMBDA_RUNTIME_DIR",
  "LAMBDA_TASK_ROOT",
]);

function checkEnvironment(environment: Record<string, string> | undefined): void {
  const reserved = Object.keys(environment ?? {}).filter((name) => reservedVariables.has(name));
  if (reserved.length > 0) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(", ")}`,
    );
  }
  const text = JSON.stringify(environment ?? {});
  if (text.length > 4096) {
    throw invalidParameter(
      "Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.",
    );
  }
}

const stamped = (version: VersionDocument): VersionDocument => ({
  ...version,
  revisionId: crypto.randomUUID(),
  lastModified: new Date().toISOString().replace("Z", "+0000"),
});

function deleteVersion(document: FunctionDocument, qualifier: string, context: OperationContext): void {
  const version = document.published.find(({ version }) => version === qualifier);
  if (!version) throw functionNotFound(`${functionArn(context, document.name)}:${qualifier}`);
  const alias = document.aliases.find(({ version }) => version === qualifier);
  if (alias) {
    throw resourceConflict(
      `Version ${qualifier} cannot be deleted because it is used by the alias ${alias.name}`,
    );
  }
  document.published = document.published.filter((other) => other !== version);
  putFunction(document, context);
  dropCode([version.codeSha256], context);
}

const publishCode = ({ code, codeSha256 }: ReadCode, { publish }: OperationContext) =>
  publish.put(functionCodeKey(codeSha256), code);

/** Deletes code that no version of any function has any more. */
function dropCode(hashes: string[], context: OperationContext): void {
  const used = new Set(
    functions(context)
      .list()
      .flatMap(({ latest, published }) => [latest, ...published].map(({ codeSha256 }) => codeSha256)),
  );
  for (const hash of new Set(hashes)) if (!used.has(hash)) context.publish.delete(functionCodeKey(hash));
}
