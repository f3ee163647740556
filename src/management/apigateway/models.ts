/** Model: the schema of a payload. Recorded: test_model_lifecycle, test_model_validation, test_update_model. */
import type { Method, Model, Resource } from "../../definitions/rest-api.ts";
import { compact } from "../openapi/json.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { type PageRequest, page } from "../protocol/paging.ts";
import { badRequest, conflict } from "../protocol/service-error.ts";
import { models, requireOfApi, requireRestApi, resources } from "./collections.ts";
import { shortId } from "./ids.ts";
import { checkContentType } from "./integration-rules.ts";
import { checkSchema, flatten, type ModelScope, refersTo } from "./model-schema.ts";
import { sampleTemplate } from "./model-template.ts";
import {
  applyPatch,
  type PatchOperation,
  type PatchTable,
  refuseListingPaths,
  setMember,
  textOrNone,
} from "./patch.ts";

interface CreateInput {
  restApiId: string;
  name: string;
  description?: string;
  schema?: string;
  contentType: string;
}

interface Named {
  restApiId: string;
  modelName: string;
}

export const modelHandlers: Handlers = {
  CreateModel(input: CreateInput, context): Model {
    const api = requireRestApi(context, input.restApiId);
    const collection = models(context.store, api.id);
    if (!input.name) throw badRequest("Model name must be non-empty");
    if (!/^[a-zA-Z0-9]+$/.test(input.name))
      throw badRequest(`Model name must be alphanumeric: ${input.name}`);
    if (collection.has(input.name)) throw conflict("Model name already exists for this REST API");
    checkContentType(input.contentType);
    const model: Model = compact({
      id: shortId(),
      name: input.name,
      description: input.description || undefined,
      contentType: input.contentType,
      schema: checkSchema(input.schema, input.name, scopeOf(api.id, context)),
    });
    collection.put(model.name, model);
    return model;
  },

  GetModel(input: Named & { flatten?: boolean }, context): Model {
    const model = requireModel(input, context);
    if (!input.flatten || model.schema === undefined) return model;
    return { ...model, schema: flatten(model.schema, scopeOf(input.restApiId, context)) };
  },

  GetModelTemplate(input: Named, context) {
    const { schema = "" } = requireModel(input, context);
    return { value: sampleTemplate(schema, scopeOf(input.restApiId, context)) };
  },

  GetModels(input: PageRequest & { restApiId: string }, context) {
    const api = requireRestApi(context, input.restApiId);
    return page(models(context.store, api.id).list(), input, ({ name }) => name);
  },

  UpdateModel(input: Named & { patchOperations?: PatchOperation[] }, context) {
    const table = patchTable(scopeOf(input.restApiId, context));
    const model = applyPatch(table, requireModel(input, context), input.patchOperations);
    models(context.store, input.restApiId).put(model.name, model);
    return model;
  },

  DeleteModel(input: Named, context) {
    const { name } = requireModel(input, context);
    const use =
      useOf(name, resources(context.store, input.restApiId).list()) ??
      referenceTo(name, input.restApiId, models(context.store, input.restApiId).list());
    if (use) throw conflict(`Cannot delete model '${name}', is referenced in ${use}`);
    models(context.store, input.restApiId).delete(name);
    return undefined;
  },
};

const requireModel = ({ restApiId, modelName }: Named, context: OperationContext): Model =>
  requireOfApi(models, restApiId, modelName, context, `Invalid model name specified: ${modelName}`);

const scopeOf = (restApiId: string, { store }: OperationContext): ModelScope => ({
  restApiId,
  schemaOf: (name) => models(store, restApiId).get(name)?.schema,
});

/** Where a method names the model: `//ANY` for the root's, `/test/ANY` for another's. */
function useOf(name: string, all: Resource[]): string | undefined {
  for (const { path, resourceMethods = {} } of all) {
    for (const method of Object.values(resourceMethods)) {
      const place = placeOf(name, method);
      if (place) return `${place}: ${path}/${method.httpMethod}`;
    }
  }
  return undefined;
}

function placeOf(name: string, { requestModels = {}, methodResponses = {} }: Method): string | undefined {
  if (Object.values(requestModels).includes(name)) return "method request";
  const inResponse = Object.values(methodResponses).some(({ responseModels = {} }) =>
    Object.values(responseModels).includes(name),
  );
  return inResponse ? "method response" : undefined;
}

/** Another model whose schema could not be resolved without this one. */
function referenceTo(name: string, restApiId: string, all: Model[]): string | undefined {
  const other = all.find((model) => model.name !== name && refersTo(model.schema, name, restApiId));
  return other && `model: ${other.name}`;
}

const patchTable = (scope: ModelScope): PatchTable<Model> => ({
  refuse: refuseListingPaths,
  paths: {
    "/description": { replace: setMember("description", textOrNone) },
    "/schema": { replace: setMember("schema", (value, { name }) => checkSchema(value, name, scope)) },
  },
});
