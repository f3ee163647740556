/** A function as a request names it: by name, partial ARN or ARN, with or without a qualifier. */
import type { OperationContext } from "../operation.ts";
import { type FunctionDocument, functionArn, functions, type VersionDocument } from "./function-document.ts";
import { functionNotFound, invalidParameter, resourceNotFound } from "./lambda-error.ts";

/** As requests name a function. */
export interface NamedFunction {
  FunctionName: string;
  Qualifier?: string;
}

export interface FunctionReference {
  name: string;
  qualifier?: string;
}

const pattern =
  /^(?:arn:aws[a-z-]*:lambda:([a-z0-9-]+):)?(?:(?:[a-z0-9-]+:)?(\d{12}):)?(?:function:)?([A-Za-z0-9_-]+)(?::(\$LATEST|[A-Za-z0-9_-]+))?$/;

/**
 * @param text the request's FunctionName; the model has checked its form
 * @param qualifier the request's Qualifier
 * @throws ServiceError InvalidParameterValueException when the two differ, ResourceNotFoundException for another region
 */
export function parseFunctionName(
  text: string,
  qualifier: string | undefined,
  { settings }: Pick<OperationContext, "settings">,
): FunctionReference {
  const match = pattern.exec(text);
  if (!match) throw functionNotFound(text);
  const [, region, , name = "", own] = match;
  if (region !== undefined && region !== settings.region) {
    throw resourceNotFound(
      `Functions from '${region}' are not reachable in this region ('${settings.region}')`,
    );
  }
  if (own !== undefined && qualifier !== undefined && own !== qualifier) {
    throw invalidParameter(
      "The derived qualifier from the function name does not match the specified qualifier.",
    );
  }
  const found = qualifier ?? own;
  return { name, ...(found === undefined ? {} : { qualifier: found }) };
}

/** @throws ServiceError ResourceNotFoundException */
export function requireFunction(
  { name, qualifier }: FunctionReference,
  context: OperationContext,
): FunctionDocument {
  const document = functions(context).get(name);
  if (!document) {
    throw functionNotFound(functionArn(context, name) + (qualifier === undefined ? "" : `:${qualifier}`));
  }
  return document;
}

/** The version that a qualifier means: itself, an alias's, or `$LATEST`. @throws ServiceError ResourceNotFoundException */
export function requireVersion(
  document: FunctionDocument,
  qualifier: string | undefined,
  context: OperationContext,
): VersionDocument {
  if (qualifier === undefined || qualifier === "$LATEST") return document.latest;
  const alias = document.aliases.find(({ name }) => name === qualifier);
  const number = alias?.version ?? qualifier;
  if (number === "$LATEST") return document.latest;
  const version = document.published.find(({ version }) => version === number);
  if (!version) throw functionNotFound(`${functionArn(context, document.name)}:${qualifier}`);
  return version;
}

/** The function that a request names, and the version that its qualifier means. @throws ServiceError */
export function findVersion(input: NamedFunction, context: OperationContext) {
  const reference = parseFunctionName(input.FunctionName, input.Qualifier, context);
  const document = requireFunction(reference, context);
  const version = requireVersion(document, reference.qualifier, context);
  return { document, version, qualifier: reference.qualifier };
}
