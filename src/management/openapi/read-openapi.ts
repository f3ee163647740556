/** OpenAPI in, API out: what a document says, part by part. */
import type { ApiImport } from "./api-import.ts";
import { type BasePathMode, readBasePath } from "./base-path.ts";
import type { OpenApiDocument } from "./document.ts";
import { readGatewayResponses } from "./gateway-responses.ts";
import type { ImportReport } from "./import-report.ts";
import { readInfo } from "./info.ts";
import { Models } from "./models.ts";
import { readPaths } from "./paths.ts";
import { readRequestValidators } from "./request-validators.ts";
import { authorizersOf, readSecuritySchemes } from "./security.ts";
import { readSettings } from "./settings.ts";

export interface ReadOptions {
  /** The API that the document becomes or is put into; models name it in their references. */
  restApiId: string;
  basePath: BasePathMode;
  /** Names of the models that the API has and keeps: the document may refer to them. */
  existingModels: ReadonlySet<string>;
}

/**
 * @param report gets the warnings, and the errors that do not keep the rest from being read
 * @throws ServiceError BadRequestException when the document as a whole cannot be read
 */
export function readOpenApi(
  document: OpenApiDocument,
  options: ReadOptions,
  report: ImportReport,
): ApiImport {
  const { root } = document;
  const info = readInfo(root);
  const models = new Models(document, options.restApiId, options.existingModels, report);
  const schemes = readSecuritySchemes(document, report);
  const resources = readPaths(
    { document, models, schemes, report },
    readBasePath(document, options.basePath),
  );
  return {
    info,
    settings: readSettings(document, report),
    // After the paths, which make models of the schemas that have no name.
    models: models.list(),
    requestValidators: readRequestValidators(root),
    authorizers: authorizersOf(schemes),
    gatewayResponses: readGatewayResponses(root),
    resources,
  };
}
