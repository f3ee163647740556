/**
 * Texts of a policy with variables in them: `${aws:username}`, `${aws:username, 'nobody'}`, and `${*}`, `${?}`, `${$}`
 * for the characters themselves. Source: the IAM user guide's reference_policies_variables.
 */
import { literalOf, type Wildcards, wildcardsOf } from "../../../wildcard.ts";

/**
 * What is known of a request: a condition key's values, by its name in lower case; undefined for a key that the
 * request does not have.
 */
export type ConditionKeys = (name: string) => readonly string[] | undefined;

/** What a text comes to for a request; undefined when it names a variable that the request does not have. */
export type PolicyText<Form> = (keys: ConditionKeys) => Form | undefined;

type Piece = { text: string } | { literal: string } | { key: string; otherwise: string | undefined };

const variable = /\$\{(?:([*?$])|([^},]+)(?:,\s*'([^']*)'\s*)?)\}/g;

function piecesOf(text: string, hasVariables: boolean): Piece[] {
  if (!hasVariables || !text.includes("${")) return [{ text }];
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(variable)) {
    const [whole, literal, key, otherwise] = match;
    pieces.push({ text: text.slice(end, match.index) });
    pieces.push(
      literal === undefined ? { key: (key as string).trim().toLowerCase(), otherwise } : { literal },
    );
    end = match.index + whole.length;
  }
  return [...pieces, { text: text.slice(end) }];
}

/** A variable of several values stands for none of them. */
function variableOf({ key, otherwise }: { key: string; otherwise: string | undefined }, keys: ConditionKeys) {
  const values = keys(key);
  return values?.length === 1 ? values[0] : otherwise;
}

function compile<Form>(
  pieces: Piece[],
  ofText: (text: string) => Form,
  ofLiteral: (text: string) => Form,
  join: (forms: Form[]) => Form,
): PolicyText<Form> {
  const [only] = pieces;
  if (pieces.length === 1 && only && "text" in only) {
    const form = ofText(only.text);
    return () => form;
  }
  return (keys) => {
    const forms: Form[] = [];
    for (const piece of pieces) {
      if ("text" in piece) {
        forms.push(ofText(piece.text));
        continue;
      }
      const value = "literal" in piece ? piece.literal : variableOf(piece, keys);
      if (value === undefined) return undefined;
      forms.push(ofLiteral(value));
    }
    return join(forms);
  };
}

/** @param hasVariables whether the policy's version knows variables; otherwise `${` means itself */
export const exactText = (text: string, hasVariables: boolean): PolicyText<string> =>
  compile(
    piecesOf(text, hasVariables),
    (part) => part,
    (part) => part,
    (parts) => parts.join(""),
  );

/** A pattern with wildcards: those in the policy's text count, those in a variable's value do not. */
export const likeText = (text: string, hasVariables: boolean): PolicyText<Wildcards> =>
  compile<Wildcards>(piecesOf(text, hasVariables), wildcardsOf, literalOf, (parts) => parts.flat());
