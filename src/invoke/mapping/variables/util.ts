/** `$util`. Source: the guide's api-gateway-mapping-template-reference. */
import { Buffer } from "node:buffer";
import { commonEscapes, escaped } from "../java/escapes.ts";
import { callMethod, type Methods, type Overload } from "../java/method-table.ts";
import { JavaObject, print, type Value } from "../java/values.ts";
import { JsonError, readJson } from "../json/read.ts";
import { TemplateError } from "../template-scope.ts";

const escapes = { ...commonEscapes, "'": "\\'", "/": "\\/" };

/** Commons Lang 2's StringEscapeUtils.escapeJavaScript. */
const escapeJavaScript = (text: string): string => escaped(text, /[^ !#-&(-.0-[\]-\u007f]/g, escapes);

/** As java.net.URLEncoder: a space is a plus sign. */
const urlEncode = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");

/** @throws TemplateError for what is no percent-encoding */
function urlDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new TemplateError("what is to be decoded is no percent-encoding");
  }
}

/** @throws TemplateError for what is no base64 */
function base64Decode(text: string): string {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/.test(text)) {
    throw new TemplateError("what is to be decoded is no base64");
  }
  return Buffer.from(text, "base64").toString();
}

/** @throws TemplateError: what is no JSON is the template's own fault, and not that of the payload */
function parseJson(text: string): Value {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof JsonError) throw new TemplateError(error.message);
    throw error;
  }
}

const methods: Methods<Util> = new Map<string, readonly Overload<Util>[]>([
  ["base64Decode", [["s", (_self, text: string) => base64Decode(text)]]],
  ["base64Encode", [["s", (_self, text: string) => Buffer.from(text).toString("base64")]]],
  [
    "escapeJavaScript",
    [["o", (_self, value: Value) => (value === null ? null : escapeJavaScript(print(value)))]],
  ],
  ["parseJson", [["s", (_self, text: string) => parseJson(text)]]],
  ["urlDecode", [["s", (_self, text: string) => urlDecode(text)]]],
  ["urlEncode", [["s", (_self, text: string) => urlEncode(text)]]],
]);

class Util extends JavaObject {
  override call(name: string, values: Value[]): Value | undefined {
    return callMethod(methods, this, name, values);
  }
}

export const util = new Util();
