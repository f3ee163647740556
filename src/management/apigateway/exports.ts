/** GetExport: a deployed API as an OpenAPI document. It reads what was published, so it runs in the Worker. */
import { stringify } from "yaml";
import {
  type RestSnapshot,
  type RestStageRecord,
  snapshotKey,
  stageKey,
  type WebSocketStageRecord,
} from "../../definitions/published.ts";
import type { Env, Settings } from "../../settings.ts";
import { versionOf } from "../openapi/export/info.ts";
import { type ExportOptions, type ExportType, writeOpenApi } from "../openapi/export/write-openapi.ts";
import { prettyJson } from "../openapi/schemas.ts";
import type { WorkerHandler } from "../operation.ts";
import { badRequest, notFound } from "../protocol/service-error.ts";

interface GetExportInput {
  restApiId: string;
  stageName: string;
  exportType: string;
  /** `extensions`: `integrations`, `authorizers`, or `apigateway` for all there are; several by commas. */
  parameters?: Record<string, string>;
  /** `application/json` (default) or `application/yaml`. */
  accepts?: string;
}

export const getExport: WorkerHandler<GetExportInput> = async (input, { env, settings, origin }) => {
  const { restApiId, stageName, exportType } = input;
  if (exportType !== "swagger" && exportType !== "oas30") {
    throw badRequest(`No API exporter for type '${exportType}'`);
  }
  const snapshot = await readSnapshot(env, restApiId, stageName);
  const document = writeOpenApi(snapshot, {
    type: exportType satisfies ExportType,
    address: addressOf(restApiId, origin, settings),
    stageName,
    extensions: extensionsOf(input.parameters?.extensions),
  });
  const isYaml = input.accepts?.includes("yaml") ?? false;
  // The version is the caller's text: nothing of it may end the header's quoted string.
  const version = versionOf(snapshot).replace(/[^\w.:+-]/g, "_");
  return {
    contentType: "application/octet-stream",
    contentDisposition: `attachment; filename="${exportType}_${version}.${isYaml ? "yaml" : "json"}"`,
    body: isYaml ? stringify(document, { aliasDuplicateObjects: false }) : prettyJson(document),
  };
};

async function readSnapshot(env: Env, restApiId: string, stageName: string): Promise<RestSnapshot> {
  const isName = /^[a-z0-9]{1,32}$/.test(restApiId) && /^[\w-]{1,128}$/.test(stageName);
  const record = isName
    ? await env.DEFINITIONS.get<RestStageRecord | WebSocketStageRecord>(
        stageKey(restApiId, stageName),
        "json",
      )
    : null;
  const snapshot =
    record?.protocol === "REST" &&
    (await env.DEFINITIONS.get<RestSnapshot>(snapshotKey(restApiId, record.stage.deploymentId), "json"));
  if (!snapshot) throw notFound("Invalid Stage identifier specified");
  return snapshot;
}

/** Where the API answers, as contract.md gives addresses out. */
function addressOf(apiId: string, origin: string, { executeDomain }: Settings): ExportOptions["address"] {
  const { protocol, host } = new URL(origin);
  const scheme = protocol.slice(0, -1);
  return executeDomain
    ? { scheme, host: `${apiId}.execute-api.${executeDomain}`, path: "" }
    : { scheme, host, path: `/execute-api/${apiId}` };
}

function extensionsOf(parameter = ""): ExportOptions["extensions"] {
  const names = new Set(parameter.split(",").map((name) => name.trim()));
  const all = names.has("apigateway");
  return {
    integrations: all || names.has("integrations"),
    authorizers: all || names.has("authorizers"),
    settings: all,
  };
}
