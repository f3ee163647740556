/** An operation: a method of a resource. */
import type { HttpMethod } from "../../definitions/rest-api.ts";
import type { ImportedMethod } from "./api-import.ts";
import type { OpenApiDocument } from "./document.ts";
import type { ImportReport } from "./import-report.ts";
import { readIntegration } from "./integrations.ts";
import { compact, member, text } from "./json.ts";
import type { Models } from "./models.ts";
import { parametersOf, readRequestParameters } from "./parameters.ts";
import { dereference } from "./references.ts";
import { readRequestModels } from "./request-body.ts";
import { readRequestValidator } from "./request-validators.ts";
import { readMethodResponses } from "./responses.ts";
import { readAuthorization, type SecuritySchemes } from "./security.ts";

/** A document on its way to an ApiImport, with what its parts need of each other. */
export interface Reading {
  document: OpenApiDocument;
  models: Models;
  schemes: SecuritySchemes;
  report: ImportReport;
}

/** The members of a path item that are operations, by method. */
export const operationMembers: readonly [string, HttpMethod][] = [
  ["get", "GET"],
  ["post", "POST"],
  ["put", "PUT"],
  ["delete", "DELETE"],
  ["patch", "PATCH"],
  ["head", "HEAD"],
  ["options", "OPTIONS"],
  ["x-amazon-apigateway-any-method", "ANY"],
];

/** @param path the resource's path, base path included @throws ServiceError for an integration that cannot be one */
export function readOperation(
  { document, models, schemes, report }: Reading,
  path: string,
  httpMethod: HttpMethod,
  pathItem: unknown,
  operation: unknown,
): ImportedMethod {
  const { root } = document;
  const parameters = parametersOf(root, pathItem, operation);
  const extension = dereference(root, member(operation, "x-amazon-apigateway-integration"));
  return compact({
    httpMethod,
    ...readAuthorization(root, operation, schemes, report),
    operationName: text(member(operation, "operationId")),
    requestValidatorName: readRequestValidator(root, operation),
    requestParameters: readRequestParameters(parameters, path),
    requestModels: readRequestModels(document, operation, parameters, models),
    methodResponses: readMethodResponses(document, operation, models),
    integration: readIntegration(extension, { path, httpMethod }, report),
  });
}
