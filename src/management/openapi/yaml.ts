/**
 * YAML within bounds. The library composes recursively and takes microseconds for a byte, so documents that nest
 * too deep, that are malformed or that live off aliases are given up as soon as that shows.
 */
import { Composer, type Document, Lexer, Parser, visit } from "yaml";
import { isObject, member } from "./json.ts";

/** Characters: some 10 s of reading at worst. JSON, which is read in a hundredth of that, may be 6 MB. */
const LARGEST_SOURCE = 3 * 1024 * 1024;
/** Anchors and aliases; resolving them takes their number squared. */
const MOST_ALIASES = 5_000;
/** How far aliases may multiply what they repeat. */
const LARGEST_EXPANSION = 1_000;

/**
 * @param depth levels of flow collections, and of block sequences on one line, that are let pass; those of other
 *   block collections cost the document indentation, and are the caller's to count
 * @returns plain values; YAML 1.2's (`on` is a text), with `<<` for merging, and of equal keys the last
 * @throws Error, of the library or of this function's own
 */
export function parseYaml(source: string, depth: number): unknown {
  if (source.length > LARGEST_SOURCE) throw new Error("too long");
  // `uniqueKeys` compares every pair of a mapping's keys: quadratic, so off.
  const composer = new Composer({ merge: true, uniqueKeys: false });
  const [document, ...others] = composer.compose(tokens(source, depth), true, source.length);
  if (!document || others.length > 0) throw new Error("one document, no more");
  if (document.errors[0]) throw document.errors[0];
  refuseManyAliases(document);
  const root: unknown = document.toJS({ maxAliasCount: LARGEST_EXPANSION });
  const info = member(root, "info");
  if (isObject(info) && typeof info.version === "number") {
    // `version: 1.0` is the text "1.0", which the number no longer tells.
    const scalar = document.getIn(["info", "version"], true) as { source?: string } | undefined;
    if (scalar?.source) info.version = scalar.source;
  }
  return root;
}

/** What the lexer puts before the text of a scalar. */
const SCALAR = "\u001f";

function* tokens(source: string, depth: number) {
  const parser = new Parser();
  let open = 0;
  let onLine = 0;
  let last = "";
  for (const lexeme of new Lexer().lex(source)) {
    if (last !== SCALAR) {
      if (lexeme === "[" || lexeme === "{") open++;
      else if (lexeme === "]" || lexeme === "}") open--;
      else if (lexeme === "-" || lexeme === "?") onLine++;
      else if (lexeme === "\n" || lexeme === "\r\n") onLine = 0;
      if (open > depth || onLine > depth) throw new Error("too deep");
    }
    last = lexeme;
    for (const token of parser.next(lexeme)) {
      if (token.type === "error") throw new Error(token.message);
      yield token;
    }
  }
  yield* parser.end();
}

function refuseManyAliases(document: Document.Parsed): void {
  let count = 0;
  visit(document, {
    Node: (_, node) => {
      if ("anchor" in node && node.anchor) count++;
    },
    Alias: () => {
      count++;
    },
  });
  if (count > MOST_ALIASES) throw new Error("too many aliases");
}
