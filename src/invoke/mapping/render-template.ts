/** Renders a mapping template for a request, or for an event on a connection. */
import { configurationError, GatewayError } from "../rest/gateway-error.ts";
import { JsonError } from "./json/read.ts";
import { type Overrides, TemplateError, type TemplateScope } from "./template-scope.ts";

/** Where a template's variables come from; each is asked for when the template does. */
export interface TemplateContext {
  /** `$input.params()` */
  readonly parameters: TemplateScope["params"];
  /** `$context` */
  readonly variables: object;
  variable(name: string): unknown;
  readonly stage: { readonly variables: TemplateScope["stageVariables"] };
  readonly overrides: Overrides;
  /** Whether a template has asked for the overrides, and so may have set some. */
  readonly hasOverrides: boolean;
}

/** What the log says of a payload that no template could be rendered for. */
export const untransformed = (what: "request" | "response") => `Unable to transform ${what}`;

/** @throws GatewayError 400 for a payload of the client that is no JSON, 500 for any other failure */
export function renderTemplate(
  render: (scope: TemplateScope) => string,
  scope: TemplateScope,
  what: "request" | "response",
): string {
  try {
    return render(scope);
  } catch (error) {
    // Recorded in 2015 (mapping-templates, "Errors"), with no space before the library's message.
    if (error instanceof JsonError && what === "request") {
      throw new GatewayError("DEFAULT_4XX", `Could not process payload${error.message}`);
    }
    if (error instanceof TemplateError) {
      throw configurationError(`${untransformed(what)}: ${error.message}`, "DEFAULT_5XX");
    }
    throw error;
  }
}

export const templateScope = (context: TemplateContext, body: string): TemplateScope => ({
  body,
  get params() {
    return context.parameters;
  },
  get context() {
    return context.variables as Record<string, unknown>;
  },
  variable: (name) => context.variable(name),
  stageVariables: context.stage.variables,
  get overrides() {
    return context.overrides;
  },
});
