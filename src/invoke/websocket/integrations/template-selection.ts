/**
 * Which template is for this message, or for this answer? Source: the guide's apigateway-websocket-api-routes-integrations,
 * "Important differences": by an expression and not by content types, and `$default` where none matches.
 */
import { type ChosenTemplate, compileTemplates, type Templates } from "../../mapping/template-choice.ts";
import { compileSelection, type SelectionSource } from "../selection.ts";

/**
 * Without an expression it is the default: `$default`, or `application/json`, under which the guide's own mock
 * (apigateway-websocket-api-integration-requests) and API Gateway's console keep a single template.
 * A key may be written as the expression that selects it: `\$default` in the guide's websocket-api-step-functions-tutorial.
 * @returns undefined when there is none
 * @throws TemplateError for a template that does not parse, SyntaxError for what is no expression
 */
export function compileTemplateSelection(
  templates: Templates,
  expression: string | undefined,
): (source: () => SelectionSource) => ChosenTemplate | undefined {
  const byKey = new Map(
    compileTemplates(templates).map((template) => [template.contentType.replaceAll("\\$", "$"), template]),
  );
  const fallback = byKey.get("$default");
  const unnamed = fallback ?? byKey.get("application/json");
  if (expression === undefined) return () => unnamed;
  const keyOf = compileSelection(expression);
  return (source) => {
    const key = keyOf(source());
    return key === "$default" ? unnamed : (byKey.get(key) ?? fallback);
  };
}
