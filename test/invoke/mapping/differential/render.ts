import { compileTemplate } from "../../../../src/invoke/mapping/template.ts";
import { newOverrides, TemplateError } from "../../../../src/invoke/mapping/template-scope.ts";
import type { Case } from "./generate.ts";

/** @returns what the template prints; null when it fails */
export function render({ template, body, params, stageVariables, context }: Case): string | null {
  const { path, querystring, header } = params;
  try {
    return compileTemplate(template).render({
      body,
      params: {
        path: new Map(Object.entries(path)),
        querystring: new Map(Object.entries(querystring)),
        header: new Map(Object.entries(header)),
      },
      context,
      variable: (name) => (Object.hasOwn(context, name) ? context[name] : undefined),
      stageVariables,
      overrides: newOverrides(),
    });
  } catch (error) {
    if (error instanceof TemplateError) return null;
    throw error;
  }
}
