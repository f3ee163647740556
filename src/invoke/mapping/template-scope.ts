/** What a mapping template sees and what it leaves behind, beside its text. */

import type { Value } from "./java/values.ts";

/**
 * `$context.requestOverride` and `$context.responseOverride` of one request. The request template and the response
 * template share one: the second sees what the first has set (mapping-templates, "$context").
 */
export interface Overrides {
  request: {
    path: Map<string, string>;
    querystring: Map<string, string>;
    header: Map<string, string>;
  };
  response: {
    status: string | undefined;
    header: Map<string, string>;
    /** Members that templates have made themselves. */
    own: Map<string, Value>;
  };
}

export const newOverrides = (): Overrides => ({
  request: { path: new Map(), querystring: new Map(), header: new Map() },
  response: { status: undefined, header: new Map(), own: new Map() },
});

/** Its members may be made when they are first asked for: most templates do without most of them. */
export interface TemplateScope {
  /** The payload as text; empty when there is none. */
  body: string;
  /** `$input.params()`: names as the request has them, the last of several values. */
  params: {
    path: ReadonlyMap<string, string>;
    querystring: ReadonlyMap<string, string>;
    header: ReadonlyMap<string, string>;
  };
  /** `$context` but its overrides: plain data, nested; only own members count. */
  context: Readonly<Record<string, unknown>>;
  /** A single member of the context, which need not be made for it; undefined when it is not there. */
  variable(name: string): unknown;
  stageVariables: Readonly<Record<string, string>>;
  /** Changed by the template. */
  overrides: Overrides;
}

/**
 * A compiled mapping template.
 * @returns the text that it renders
 * @throws TemplateError when it fails, runs too long or prints too much
 */
export type Template = (scope: TemplateScope) => string;

/** A template that does not parse, or that fails while it renders. */
export class TemplateError extends Error {
  override name = "TemplateError";
}
