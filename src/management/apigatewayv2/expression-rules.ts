/** Which variables each selection expression may have. Source: the guide's apigateway-websocket-api-selection-expressions. */
import {
  parseSelectionExpression,
  type SelectionPart,
  UnknownVariable,
} from "../../definitions/selection-expression.ts";
import { isJsonPath } from "../apigateway/mapping-expressions.ts";
import { badRequest } from "../protocol/service-error.ts";

type Kind = SelectionPart["kind"];

const ofMessages: ReadonlySet<Kind> = new Set<Kind>(["static", "request.body"]);
const ofAnswers: ReadonlySet<Kind> = new Set<Kind>([
  ...ofMessages,
  "integration.response.body",
  "integration.response.statuscode",
  "integration.response.header",
  "integration.response.multivalueheader",
]);

/** An expression that is evaluated for a message. @throws ServiceError BadRequestException */
export const checkMessageExpression = (member: string, expression: string | undefined): void =>
  check(member, expression, ofMessages);

/** An expression that is evaluated for an integration's answer. @throws ServiceError BadRequestException */
export const checkAnswerExpression = (member: string, expression: string | undefined): void =>
  check(member, expression, ofAnswers);

/**
 * Reported: `Unexpected variable in selection expression: $default`, and AWS's text for a route selection expression that
 * is missing. That other expressions with faults have that text too is a guess, as is the whole expression behind the colon.
 */
function check(member: string, expression: string | undefined, kinds: ReadonlySet<Kind>): void {
  if (expression === undefined) return;
  const parts = partsOf(expression);
  if (parts?.some(({ kind }) => !kinds.has(kind))) throw unexpectedVariable(expression);
  const isReadable = parts?.every((part) => !("jsonPath" in part) || isJsonPath(part.jsonPath));
  if (!isReadable) throw badRequest(`Invalid ${member}`);
}

/** @returns undefined for what is no expression */
function partsOf(expression: string): SelectionPart[] | undefined {
  try {
    return parseSelectionExpression(expression);
  } catch (error) {
    if (error instanceof UnknownVariable) throw unexpectedVariable(expression);
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const unexpectedVariable = (expression: string) =>
  badRequest(`Unexpected variable in selection expression: ${expression}`);
