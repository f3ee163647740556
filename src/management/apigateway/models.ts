/** Model: the schema of a payload. Recorded: test_model_lifecycle, test_model_validation, test_update_model. */
import type { Method, Model, Resource } from "../../definitions/rest-api.ts";
import { compact, isObject } from "../openapi/json.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { type PageRequest, page } from "../protocol/paging.ts";
import { badRequest, conflict, notFound } from "../protocol/service-error.ts";
import { models, requireRestApi, resources } from "./collections.ts";
import { shortId } from "./ids.ts";
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
    const model: Model = compact({
      id: shortId(),
      name: input.name,
      description: input.description,
      contentType: input.contentType,
      schema: schemaOf(input.schema),
    });
    collection.put(model.name, model);
    return model;
  },

  GetModel: (input: Named, context) => requireModel(input, context),

  GetModels(input: PageRequest & { restApiId: string }, context) {
    const api = requireRestApi(context, input.restApiId);
    return page(models(context.store, api.id).list(), input, ({ name }) => name);
  },

  UpdateModel(input: Named & { patchOperations?: PatchOperation[] }, context) {
    const model = applyPatch(patchTable, requireModel(input, context), input.patchOperations);
    models(context.store, input.restApiId).put(model.name, model);
    return model;
  },

  DeleteModel(input: Named, context) {
    const { name } = requireModel(input, context);
    const use = useOf(name, resources(context.store, input.restApiId).list());
    if (use) throw conflict(`Cannot delete model '${name}', is referenced in ${use}`);
    models(context.store, input.restApiId).delete(name);
    return undefined;
  },
};

function requireModel({ restApiId, modelName }: Named, { store }: OperationContext): Model {
  const model = models(store, restApiId).get(modelName);
  // Recorded: the same for a wrong API.
  if (!model) throw notFound(`Invalid model name specified: ${modelName}`);
  return model;
}

function schemaOf(schema: string | undefined): string {
  const empty = () => badRequest("Model schema must have at least 1 property or array items defined");
  if (!schema) throw empty();
  let parsed: unknown;
  try {
    parsed = JSON.parse(schema);
  } catch {
    throw badRequest("Invalid model schema specified. Unsupported keyword(s): [], invalid JSON");
  }
  if (!isObject(parsed))
    throw badRequest("Invalid model schema specified. Model schema must be a JSON object");
  return schema;
}

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

const patchTable: PatchTable<Model> = {
  refuse: refuseListingPaths,
  paths: {
    "/description": { replace: setMember("description", textOrNone) },
    "/schema": { replace: setMember("schema", schemaOf) },
  },
};
