/** Bodies checked by models. Source: the guide's api-gateway-method-request-validation and models-mappings-models. */
import { PatternTooCostly } from "../../regex/pattern.ts";
import { GatewayError } from "../rest/gateway-error.ts";
import { type Json, parseJson } from "./json.ts";
import { compileSchema, type Validator } from "./schema.ts";

/** @param key that the model was selected by, for the log @throws GatewayError 400 */
export type ModelCheck = (body: string, key: string) => void;

/**
 * Models refer to one another by `https://apigateway.amazonaws.com/restapis/{id}/models/{name}`.
 * @param name of one of the models; one that is not there lets every JSON pass
 */
export function compileModel(
  apiId: string,
  name: string,
  models: readonly { name: string; schema?: string }[],
): ModelCheck {
  const validate = compileValidator(apiId, name, models);
  return (body, key) => {
    // Recorded: no body is the empty object.
    const errors = errorsOf(body === "" ? "{}" : body, validate);
    if (errors.length === 0) return;
    const text = `[${errors.join(", ")}]`;
    throw invalidBody(text).because(
      `Request body does not match model schema for content type ${key}: ${text}`,
    );
  };
}

export const invalidBody = (errors?: string) =>
  new GatewayError("BAD_REQUEST_BODY", "Invalid request body", 400, errors);

/** @throws GatewayError 400 for what is no JSON, and for what takes too long to be checked */
function errorsOf(text: string, validate: Validator): string[] {
  try {
    return validate(parseJson(text));
  } catch (error) {
    if (error instanceof SyntaxError) throw invalidBody("[Unable to parse JSON]");
    if (error instanceof RangeError || error instanceof PatternTooCostly)
      throw invalidBody(`[${error.message}]`);
    throw error;
  }
}

function compileValidator(
  apiId: string,
  name: string,
  models: readonly { name: string; schema?: string }[],
): Validator {
  const url = (model: string) => `https://apigateway.amazonaws.com/restapis/${apiId}/models/${model}`;
  const schemas = new Map<string, Json>();
  const schemaOf = (wanted: string): Json | undefined => {
    let schema = schemas.get(wanted);
    if (schema === undefined) {
      const model = models.find((one) => url(one.name) === wanted);
      if (!model) return undefined;
      schema = JSON.parse(model.schema ?? "{}") as Json;
      schemas.set(wanted, schema);
    }
    return schema;
  };
  return compileSchema(schemaOf(url(name)) ?? {}, schemaOf);
}
