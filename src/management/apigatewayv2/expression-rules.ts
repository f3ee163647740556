/** Which variables each selection expression may have. Source: the guide's apigateway-websocket-api-selection-expressions. */
import { parseSelectionExpression, type SelectionPart } from "../../definitions/selection-expression.ts";
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

/** AWS's text for a route selection expression that is missing; for other expressions, and faults, a guess. */
function check(member: string, expression: string | undefined, kinds: ReadonlySet<Kind>): void {
  if (expression === undefined) return;
  try {
    const parts = parseSelectionExpression(expression);
    if (parts.every((part) => kinds.has(part.kind) && (!("jsonPath" in part) || isJsonPath(part.jsonPath))))
      return;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw badRequest(`Invalid ${member}`);
}
