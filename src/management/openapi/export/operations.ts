/** Resources with methods as `paths`. */
import type { RestSnapshot } from "../../../definitions/published.ts";
import type { Method, MethodResponse, Resource } from "../../../definitions/rest-api.ts";
import { compact } from "../json.ts";
import { operationMembers } from "../operations.ts";
import { writeIntegration } from "./integrations.ts";
import { modelReference } from "./models.ts";
import { writeSecurity } from "./security.ts";
import type { ExportOptions, ExportType } from "./write-openapi.ts";

export function writePaths(snapshot: RestSnapshot, options: ExportOptions): object {
  const paths = snapshot.resources.flatMap((resource): [string, object][] => {
    const operations = operationMembers.flatMap(([member, httpMethod]): [string, object][] => {
      const method = resource.resourceMethods?.[httpMethod];
      return method ? [[member, writeOperation(method, resource, snapshot, options)]] : [];
    });
    return operations.length > 0 ? [[resource.path, Object.fromEntries(operations)]] : [];
  });
  return Object.fromEntries(paths);
}

function writeOperation(
  method: Method,
  resource: Resource,
  { authorizers, requestValidators }: RestSnapshot,
  { type, extensions }: ExportOptions,
): object {
  const integration = method.methodIntegration;
  const validator = requestValidators.find(({ id }) => id === method.requestValidatorId);
  return compact({
    operationId: method.operationName,
    ...(type === "swagger" ? writeContentTypes(method) : {}),
    parameters: writeParameters(method, type),
    requestBody: type === "oas30" ? writeRequestBody(method) : undefined,
    responses: writeResponses(method, type),
    security: writeSecurity(method, authorizers),
    "x-amazon-apigateway-request-validator": extensions.settings ? validator?.name : undefined,
    "x-amazon-apigateway-integration":
      extensions.integrations && integration ? writeIntegration(integration, resource.id) : undefined,
  });
}

/** Every content type that a model or a template is for. */
function writeContentTypes({ requestModels, methodResponses, methodIntegration }: Method): object {
  const consumes = [requestModels, methodIntegration?.requestTemplates];
  const produces = [
    ...Object.values(methodResponses ?? {}).map(({ responseModels }) => responseModels),
    ...Object.values(methodIntegration?.integrationResponses ?? {}).map(
      ({ responseTemplates }) => responseTemplates,
    ),
  ];
  return { consumes: keysOf(consumes), produces: keysOf(produces) };
}

function keysOf(maps: (object | undefined)[]): string[] | undefined {
  const keys = new Set(maps.flatMap((map) => Object.keys(map ?? {})));
  return keys.size > 0 ? [...keys] : undefined;
}

const places: Record<string, string> = { path: "path", querystring: "query", header: "header" };

function writeParameters({ requestParameters = {}, requestModels }: Method, type: ExportType) {
  const parameters = Object.entries(requestParameters).flatMap(([expression, required]): object[] => {
    const [, place, name] = /^method\.request\.(path|querystring|header)\.(.+)$/s.exec(expression) ?? [];
    if (!place || !name) return [];
    const parameter = { name, in: places[place] };
    if (type === "swagger") return [{ ...parameter, required, type: "string" }];
    return [{ ...parameter, ...(required ? { required } : {}), schema: { type: "string" } }];
  });
  const model = Object.values(requestModels ?? {})[0];
  if (type === "swagger" && model) {
    parameters.push({ in: "body", name: model, required: true, schema: modelReference(model, type) });
  }
  return parameters.length > 0 ? parameters : undefined;
}

const writeRequestBody = ({ requestModels }: Method) =>
  requestModels && { content: writeContent(requestModels), required: true };

const writeContent = (models: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(models).map(([contentType, name]) => [
      contentType,
      { schema: modelReference(name, "oas30") },
    ]),
  );

const writeResponses = ({ methodResponses = {} }: Method, type: ExportType) =>
  Object.fromEntries(
    Object.values(methodResponses).map((response) => [response.statusCode, writeResponse(response, type)]),
  );

function writeResponse(
  { statusCode, responseParameters = {}, responseModels = {} }: MethodResponse,
  type: ExportType,
): object {
  const description = `${statusCode} response`;
  const headers = Object.keys(responseParameters).map((expression) => {
    const name = expression.replace("method.response.header.", "");
    return [name, type === "swagger" ? { type: "string" } : { schema: { type: "string" } }];
  });
  const shown = { headers: headers.length > 0 ? Object.fromEntries(headers) : undefined };
  if (type === "oas30") return compact({ description, ...shown, content: writeContent(responseModels) });
  const model = Object.values(responseModels)[0];
  return compact({ description, schema: model && modelReference(model, type), ...shown });
}
