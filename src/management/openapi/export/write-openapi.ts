/**
 * API in, OpenAPI out: a deployed API as a document. Recorded: test_export_swagger_openapi,
 * test_export_oas30_openapi; the guide's api-gateway-export-api.
 */
import type { RestSnapshot } from "../../../definitions/published.ts";
import type { JsonObject } from "../json.ts";
import { compact } from "../json.ts";
import { writeInfo } from "./info.ts";
import { writeModels } from "./models.ts";
import { writePaths } from "./operations.ts";
import { writeSecuritySchemes } from "./security.ts";
import { writeSettings } from "./settings.ts";

export type ExportType = "swagger" | "oas30";

export interface ExportOptions {
  type: ExportType;
  /** Scheme, host and path of the API without its stage. */
  address: { scheme: string; host: string; path: string };
  stageName: string;
  /** Which `x-amazon-apigateway-…` the document has. */
  extensions: { integrations: boolean; authorizers: boolean; settings: boolean };
}

export function writeOpenApi(snapshot: RestSnapshot, options: ExportOptions): JsonObject {
  const { address, stageName } = options;
  const schemes = writeSecuritySchemes(snapshot, options);
  const models = writeModels(snapshot, options.type);
  const rest = options.extensions.settings ? writeSettings(snapshot) : {};
  if (options.type === "swagger") {
    return compact({
      swagger: "2.0",
      info: writeInfo(snapshot, "swagger"),
      host: address.host,
      basePath: `${address.path}/${stageName}`,
      schemes: [address.scheme],
      paths: writePaths(snapshot, options),
      securityDefinitions: schemes,
      definitions: models,
      ...rest,
    });
  }
  return compact({
    openapi: "3.0.1",
    info: writeInfo(snapshot, "oas30"),
    servers: [
      {
        url: `${address.scheme}://${address.host}${address.path}/{basePath}`,
        variables: { basePath: { default: stageName } },
      },
    ],
    paths: writePaths(snapshot, options),
    components: compact({ schemas: models, securitySchemes: schemes }),
    ...rest,
  });
}
