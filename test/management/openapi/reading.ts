/** Reads documents that tests write as YAML, completed to whole ones. */

import type { ApiImport, ImportedMethod } from "../../../src/management/openapi/api-import.ts";
import type { BasePathMode } from "../../../src/management/openapi/base-path.ts";
import { type OpenApiDocument, readDocument } from "../../../src/management/openapi/document.ts";
import { ImportReport } from "../../../src/management/openapi/import-report.ts";
import { readOpenApi } from "../../../src/management/openapi/read-openapi.ts";
import type { ServiceError } from "../../../src/management/protocol/service-error.ts";

export const variables = { accountId: "123456789012", region: "eu-west-1", partition: "aws" };

export const swagger = (rest: string): OpenApiDocument =>
  readDocument(`swagger: "2.0"\ninfo: { title: Test, version: "1" }\n${rest}`, variables);

export const openapi = (rest: string): OpenApiDocument =>
  readDocument(`openapi: 3.0.1\ninfo: { title: Test, version: "1" }\n${rest}`, variables);

export interface Result extends ApiImport {
  warnings: string[];
  errors: string[];
}

export function read(
  document: OpenApiDocument,
  basePath: BasePathMode = "ignore",
  existing: string[] = [],
): Result {
  const report = new ImportReport();
  const options = { restApiId: "abcdefghij", basePath, existingModels: new Set(existing) };
  const api = readOpenApi(document, options, report);
  return { ...api, warnings: report.warnings, errors: report.errors };
}

/** The one method of a document that has one. */
export function onlyMethod({ resources }: ApiImport): ImportedMethod {
  const [method, ...others] = resources.flatMap(({ methods }) => methods);
  if (!method || others.length > 0) throw new Error(`${others.length + (method ? 1 : 0)} methods`);
  return method;
}

export function refusalOf(act: () => unknown): ServiceError {
  try {
    act();
  } catch (error) {
    return error as ServiceError;
  }
  throw new Error("not refused");
}
