/** Java's Character, which `charAt` gives: it has not the methods of a text. */
import { TemplateError } from "../template-scope.ts";
import { callMethod, type Methods, type Overload } from "./method-table.ts";
import { JavaObject, type Value } from "./values.ts";

export class Character extends JavaObject {
  readonly text: string;

  constructor(text: string) {
    super();
    this.text = text;
  }

  override call(name: string, values: Value[]): Value | undefined {
    return callMethod(methods, this, name, values);
  }

  override print(): string {
    return this.text;
  }

  override json(): Value {
    return this.text;
  }
}

/** Java would cast anything else to a Character, and fail. */
function comparedTo({ text }: Character, other: Value): number {
  if (!(other instanceof Character)) throw new TemplateError("compareTo() needs a character");
  return text.charCodeAt(0) - other.text.charCodeAt(0);
}

const methods: Methods<Character> = new Map<string, readonly Overload<Character>[]>([
  ["charValue", [["", (self) => self]]],
  ["compareTo", [["o", comparedTo]]],
  ["equals", [["o", ({ text }, other: Value) => other instanceof Character && other.text === text]]],
  ["hashCode", [["", ({ text }) => text.charCodeAt(0)]]],
]);
