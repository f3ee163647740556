/** Mapping templates: compiled once, rendered per request. */
import type { Template } from "./template-scope.ts";
import { compileNodes } from "./velocity/compile.ts";
import { parseTemplate } from "./velocity/parser.ts";

export interface CompiledTemplate {
  render: Template;
  /** What it prints, when that is the same whatever it is given. */
  constant: string | undefined;
}

/** @throws TemplateError for a template that does not parse */
export function compileTemplate(source: string): CompiledTemplate {
  const nodes = parseTemplate(source);
  const isText = nodes.every((node) => node.kind === "text");
  const constant = isText ? nodes.map((node) => (node.kind === "text" ? node.text : "")).join("") : undefined;
  return { render: constant === undefined ? compileNodes(nodes) : () => constant, constant };
}
