/**
 * Which template is for this payload? By the request's Content-Type and the passthrough behavior, or by Accept.
 * Sources: the guide's integration-passthrough-behaviors and request-response-data-mappings.
 */
import type { PassthroughBehavior } from "../../definitions/rest-api.ts";
import { compileTemplate } from "./template.ts";
import type { Template } from "./template-scope.ts";

export interface ChosenTemplate {
  /** The media type, or other key, under which it stands. */
  contentType: string;
  /** Undefined for an empty template: the payload passes. */
  render: Template | undefined;
  /** Set when the template prints the same whatever it is given. */
  constant: string | undefined;
}

export type Templates = Record<string, string | null> | undefined;

/** What a request's template is; `passthrough` lets the payload through, `unsupported` is 415. */
export type RequestChoice = ChosenTemplate | "passthrough" | "unsupported";

/**
 * @returns the choice for a Content-Type, null when the request has none: then it is `application/json`
 * @throws TemplateError for a template that does not parse
 */
export function compileRequestTemplates(
  templates: Templates,
  behavior: PassthroughBehavior,
): (contentType: string | null) => RequestChoice {
  const compiled = compileTemplates(templates);
  const byType = new Map(compiled.map((template) => [template.contentType.toLowerCase(), template]));
  const otherwise: RequestChoice =
    behavior === "WHEN_NO_MATCH" || (behavior === "WHEN_NO_TEMPLATES" && compiled.length === 0)
      ? "passthrough"
      : "unsupported";
  const fallback = byType.get("$default") ?? otherwise;
  const json = byType.get("application/json") ?? fallback;
  return (contentType) => {
    if (contentType === null || contentType === "application/json") return json;
    return byType.get(mediaTypeOf(contentType)) ?? fallback;
  };
}

/**
 * Without a match, the first template counts, application/json before all others (rest-behaviour, "No Accept match").
 * @returns undefined when there are no templates: the payload passes
 * @throws TemplateError for a template that does not parse
 */
export function compileResponseTemplates(
  templates: Templates,
): (accept: string | null) => ChosenTemplate | undefined {
  const compiled = compileTemplates(templates);
  const byType = new Map(compiled.map((template) => [template.contentType.toLowerCase(), template]));
  const otherwise = byType.get("application/json") ?? compiled[0];
  if (compiled.length <= 1) return () => otherwise;
  return (accept) => (accept === null ? otherwise : (byType.get(mediaTypeOf(accept)) ?? otherwise));
}

/** @throws TemplateError for a template that does not parse */
export const compileTemplates = (templates: Templates): ChosenTemplate[] =>
  Object.entries(templates ?? {}).map(([contentType, source]) => {
    const template = source ? compileTemplate(source) : undefined;
    return { contentType, render: template?.render, constant: template?.constant };
  });

const mediaTypeOf = (header: string) => (header.split(/[,;]/, 1)[0] as string).trim().toLowerCase();
