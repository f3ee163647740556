/** Models of an API as `definitions` or `components.schemas`. */
import type { RestSnapshot } from "../../../definitions/published.ts";
import { isObject } from "../json.ts";
import type { ExportType } from "./write-openapi.ts";

export const modelReference = (name: string, type: ExportType) => ({
  $ref: type === "swagger" ? `#/definitions/${name}` : `#/components/schemas/${name}`,
});

export function writeModels({ models }: RestSnapshot, type: ExportType): object | undefined {
  if (models.length === 0) return undefined;
  return Object.fromEntries(models.map(({ name, schema }) => [name, writeSchema(schema, type)]));
}

const modelUrl = /^https:\/\/[^/]+\/restapis\/[^/]+\/models\/([^/]+)$/;

/** A schema's text as a schema whose references stay in the document; text that is no JSON says nothing. */
function writeSchema(text: string | undefined, type: ExportType): unknown {
  if (!text) return {};
  try {
    return JSON.parse(text, (key, value) => {
      const name = key === "$ref" && typeof value === "string" ? modelUrl.exec(value)?.[1] : undefined;
      if (name) return modelReference(name, type).$ref;
      // OpenAPI's schemas have no `$schema`.
      return isObject(value) && "$schema" in value ? withoutSchema(value) : value;
    });
  } catch {
    return {};
  }
}

const withoutSchema = ({ $schema: _, ...schema }: Record<string, unknown>) => schema;
