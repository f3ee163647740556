/** A stored function as the data plane reads it from KV (`functionKey`), and the result of an invoke. */

/** Configuration of `$LATEST` or of a published version. */
export interface FunctionVersion {
  /** `$LATEST` or a number. */
  version: string;
  runtime: string;
  /** `{file}.{export}`, such as `index.handler`. */
  handler: string;
  /** Seconds, 1 to 900. */
  timeout: number;
  /** MB; reported, not enforced. */
  memorySize: number;
  environment: Record<string, string>;
  /** Changes with every change of code or configuration: an isolate is one revision's. */
  revisionId: string;
  /** Base64 SHA-256 of the zip, as Lambda reports it; also names the code in KV. */
  codeSha256: string;
}

export interface FunctionAlias {
  version: string;
  /** A second version and its share of the invokes, 0 to 1. */
  weights?: Record<string, number>;
}

/** A statement of the function's resource policy, made by AddPermission. */
export interface PermissionStatement {
  Sid: string;
  Effect: "Allow";
  Principal: { Service: string } | { AWS: string } | "*";
  Action: string;
  Resource: string;
  Condition?: { ArnLike?: { "AWS:SourceArn": string }; StringEquals?: Record<string, string> };
}

export interface FunctionRecord {
  name: string;
  arn: string;
  /** By version, `$LATEST` among them. */
  versions: Record<string, FunctionVersion>;
  /** By name. */
  aliases: Record<string, FunctionAlias>;
  /** By qualifier; the unqualified function's under `$LATEST`. */
  permissions: Record<string, PermissionStatement[]>;
}

/** What an invoke came to: an error in the function is a result, as it is for AWS. */
export interface FunctionResult {
  /** JSON text: the handler's result, or `{errorMessage, errorType, …}`. */
  payload: string;
  functionError?: string;
  /** What the function printed, with START, END and REPORT lines. */
  log: string;
  /** The version that ran. */
  executedVersion: string;
}
