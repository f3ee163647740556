/** Model: the schema of a message. Sources: the guide's websocket-api-request-validation; TestAccAPIGatewayV2Model_*. */
import type { Model } from "../../definitions/websocket-api.ts";
import { shortId } from "../apigateway/ids.ts";
import { checkContentType } from "../apigateway/integration-rules.ts";
import { checkSchema, type ModelScope, refersTo } from "../apigateway/model-schema.ts";
import { sampleTemplate } from "../apigateway/model-template.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { type TokenRequest, tokenPage } from "../protocol/paging.ts";
import { badRequest, conflict } from "../protocol/service-error.ts";
import { models, requireApi, requireOfApi, routes } from "./collections.ts";
import { type Capitalized, capitalized, uncapitalized } from "./member-names.ts";
import { checkLengths, updated } from "./update-rules.ts";

type Given = Partial<Omit<Model, "modelId">>;

interface Identified {
  ApiId: string;
  ModelId: string;
}

export const modelHandlers: Handlers = {
  CreateModel({ ApiId, ...input }: Capitalized<Given> & { ApiId: string }, context) {
    const { apiId } = requireApi(context, ApiId);
    return capitalized(
      putModel(apiId, updated<DraftModel>({ modelId: shortId() }, uncapitalized(input)), context),
    );
  },

  GetModel: (input: Identified, context) => capitalized(requireModel(input, context)),

  GetModelTemplate(input: Identified, context) {
    const { schema } = requireModel(input, context);
    return { Value: sampleTemplate(schema, scopeOf(input.ApiId, context)) };
  },

  GetModels(input: TokenRequest & { ApiId: string }, context) {
    const { apiId } = requireApi(context, input.ApiId);
    const { items, ...next } = tokenPage(
      models(context.store, apiId).list(),
      input,
      ({ modelId }) => modelId,
    );
    return { Items: items.map(capitalized), ...next };
  },

  UpdateModel({ ApiId, ModelId, ...input }: Capitalized<Given> & Identified, context) {
    const before = requireModel({ ApiId, ModelId }, context);
    const draft = updated<DraftModel>(before, uncapitalized(input));
    if (draft.name !== before.name) requireUnused(ApiId, before, context);
    return capitalized(putModel(ApiId, draft, context));
  },

  DeleteModel(input: Identified, context) {
    const model = requireModel(input, context);
    requireUnused(input.ApiId, model, context);
    models(context.store, input.ApiId).delete(model.modelId);
    return undefined;
  },
};

const requireModel = ({ ApiId, ModelId }: Identified, context: OperationContext): Model =>
  requireOfApi(models, "Model", ApiId, ModelId, context);

/** Routes and schemas name models. */
function scopeOf(apiId: string, { store }: OperationContext): ModelScope {
  const schemas = new Map(
    models(store, apiId)
      .list()
      .map(({ name, schema }) => [name, schema]),
  );
  return { restApiId: apiId, schemaOf: (name) => schemas.get(name) };
}

type DraftModel = Pick<Model, "modelId"> & Given;

/** @throws ServiceError; the texts are V1's */
function putModel(apiId: string, draft: DraftModel, context: OperationContext): Model {
  checkLengths(draft);
  const { name } = draft;
  if (!name) throw badRequest("Model name must be non-empty");
  if (!/^[a-zA-Z0-9]+$/.test(name)) throw badRequest(`Model name must be alphanumeric: ${name}`);
  const collection = models(context.store, apiId);
  if (collection.list().some((other) => other.name === name && other.modelId !== draft.modelId)) {
    throw conflict("Model name already exists for this API");
  }
  const { contentType = "application/json" } = draft;
  checkContentType(contentType);
  const schema = checkSchema(draft.schema, name, scopeOf(apiId, context));
  const model = { ...draft, name, contentType, schema };
  collection.put(model.modelId, model);
  return model;
}

/** @throws ServiceError ConflictException, whose text is a guess after V1's */
function requireUnused(apiId: string, { name }: Model, { store }: OperationContext): void {
  const use = useOf(apiId, name, store);
  if (use) throw conflict(`Cannot delete model '${name}', is referenced in ${use}`);
}

function useOf(apiId: string, name: string, store: OperationContext["store"]): string | undefined {
  for (const { routeKey, requestModels = {}, routeResponses } of routes(store, apiId).list()) {
    const ofResponses = routeResponses.flatMap(({ responseModels = {} }) => Object.values(responseModels));
    if ([...Object.values(requestModels), ...ofResponses].includes(name)) return `route: ${routeKey}`;
  }
  const other = models(store, apiId)
    .list()
    .find((model) => model.name !== name && refersTo(model.schema, name, apiId));
  return other && `model: ${other.name}`;
}
