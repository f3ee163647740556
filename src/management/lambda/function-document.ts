/** A function's working copy, and how the Lambda API shows it. Recorded: test_function_lifecycle. */
import { functionKey } from "../../definitions/published.ts";
import type { FunctionAlias, FunctionRecord, PermissionStatement } from "../../functions/function-record.ts";
import type { OperationContext } from "../operation.ts";
import type { Collection } from "../store.ts";

/** `$LATEST` or a published version. */
export interface VersionDocument {
  version: string;
  description: string;
  runtime: string;
  role: string;
  handler: string;
  /** Seconds. */
  timeout: number;
  /** MB. */
  memorySize: number;
  architectures: string[];
  environment?: Record<string, string>;
  tracingMode: string;
  ephemeralStorage: number;
  codeSha256: string;
  /** Bytes of the zip. */
  codeSize: number;
  revisionId: string;
  /** ISO 8601 with milliseconds. */
  lastModified: string;
}

export interface AliasDocument extends FunctionAlias {
  name: string;
  description: string;
  revisionId: string;
}

export interface FunctionDocument {
  name: string;
  latest: VersionDocument;
  /** In the order of their numbers. */
  published: VersionDocument[];
  /** The number that the next version gets, also after versions were deleted. */
  nextVersion: number;
  aliases: AliasDocument[];
  /** By qualifier; the unqualified function's under `$LATEST`. */
  permissions: Record<string, PermissionStatement[]>;
  policyRevisionId: string;
  tags?: Record<string, string>;
}

export const functions = ({ store }: OperationContext): Collection<FunctionDocument> =>
  store.collection("functions");

export const functionArn = ({ settings }: OperationContext, name: string): string =>
  `arn:aws:lambda:${settings.region}:${settings.accountId}:function:${name}`;

/** Stores the function and lets the data plane see it. */
export function putFunction(document: FunctionDocument, context: OperationContext): void {
  functions(context).put(document.name, document);
  const versions = [document.latest, ...document.published];
  const record: FunctionRecord = {
    name: document.name,
    arn: functionArn(context, document.name),
    versions: Object.fromEntries(
      versions.map(
        ({ version, runtime, handler, timeout, memorySize, environment, codeSha256, revisionId }) => [
          version,
          {
            version,
            runtime,
            handler,
            timeout,
            memorySize,
            environment: environment ?? {},
            codeSha256,
            revisionId,
          },
        ],
      ),
    ),
    aliases: Object.fromEntries(
      document.aliases.map(({ name, version, weights }) => [
        name,
        { version, ...(weights ? { weights } : {}) },
      ]),
    ),
    permissions: document.permissions,
  };
  context.publish.put(functionKey(document.name), record);
}

/**
 * @param qualifier shown in the ARN: a version, `$LATEST` when it was asked for, or none
 * @param state members that say how far a change has come
 */
export function configurationOf(
  { name }: FunctionDocument,
  version: VersionDocument,
  qualifier: string | undefined,
  context: OperationContext,
  state: object = { State: "Active", LastUpdateStatus: "Successful" },
): object {
  return {
    FunctionName: name,
    FunctionArn: functionArn(context, name) + (qualifier === undefined ? "" : `:${qualifier}`),
    Runtime: version.runtime,
    Role: version.role,
    Handler: version.handler,
    CodeSize: version.codeSize,
    Description: version.description,
    Timeout: version.timeout,
    MemorySize: version.memorySize,
    LastModified: version.lastModified,
    CodeSha256: version.codeSha256,
    Version: version.version,
    ...(version.environment ? { Environment: { Variables: version.environment } } : {}),
    TracingConfig: { Mode: version.tracingMode },
    RevisionId: version.revisionId,
    PackageType: "Zip",
    Architectures: version.architectures,
    EphemeralStorage: { Size: version.ephemeralStorage },
    SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
    LoggingConfig: { LogFormat: "Text", LogGroup: `/aws/lambda/${name}` },
    ...state,
  };
}
