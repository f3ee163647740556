/** The methods of Java's String. */
import { Buffer } from "node:buffer";
import { trim } from "../json/read.ts";
import { TemplateError } from "../template-scope.ts";
import { Character } from "./character.ts";
import { format } from "./format.ts";
import type { Methods, Overload } from "./method-table.ts";
import { matches, replace, split } from "./patterns.ts";
import { bounded, List, print, type Value } from "./values.ts";

/** As Java does: the difference of the first characters that differ, or else of the lengths. */
export function compareTexts(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length);
  for (let at = 0; at < shorter; at++) {
    const difference = left.charCodeAt(at) - right.charCodeAt(at);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Java's hash of a String: a signed 32-bit integer. */
export function hashOfText(self: string): number {
  let hash = 0;
  for (let at = 0; at < self.length; at++) hash = (Math.imul(hash, 31) + self.charCodeAt(at)) | 0;
  return hash;
}

/** @throws TemplateError outside of 0 to `limit` */
function checked(index: number, limit: number): number {
  if (index < 0 || index > limit) throw new TemplateError(`the index ${index} is out of range`);
  return index;
}

const character = (code: number): string => String.fromCodePoint(Math.max(0, Math.min(code, 0x10ffff)));
const arrayOf = (items: Value[]): List => new List(items, "array");

/** Java would cast anything else to a text, and fail. */
function comparedTo(self: string, other: Value): number {
  if (typeof other !== "string") throw new TemplateError("compareTo() needs a text");
  return compareTexts(self, other);
}

export const textMethods: Methods<string> = new Map<string, readonly Overload<string>[]>([
  ["charAt", [["i", (self, index: number) => new Character(self.charAt(checked(index, self.length - 1)))]]],
  [
    "codePointAt",
    [["i", (self, index: number) => self.codePointAt(checked(index, self.length - 1)) as number]],
  ],
  ["compareTo", [["o", (self, other: Value) => comparedTo(self, other)]]],
  [
    "compareToIgnoreCase",
    [["s", (self, other: string) => compareTexts(self.toLowerCase(), other.toLowerCase())]],
  ],
  ["concat", [["s", (self, other: string) => bounded(self + other)]]],
  ["contains", [["s", (self, part: string) => self.includes(part)]]],
  ["contentEquals", [["s", (self, other: string) => self === other]]],
  ["endsWith", [["s", (self, part: string) => self.endsWith(part)]]],
  ["equals", [["o", (self, other: Value) => self === other]]],
  [
    "equalsIgnoreCase",
    [["o", (self, other: Value) => typeof other === "string" && self.toLowerCase() === other.toLowerCase()]],
  ],
  ["format", [["s*", (_self, pattern: string, ...values: Value[]) => bounded(format(pattern, values))]]],
  ["getBytes", [["", (self) => bytesOf(self)]]],
  ["hashCode", [["", hashOfText]]],
  [
    "indexOf",
    [
      ["s", (self, part: string) => self.indexOf(part)],
      ["i", (self, code: number) => self.indexOf(character(code))],
      ["si", (self, part: string, from: number) => self.indexOf(part, from)],
      ["ii", (self, code: number, from: number) => self.indexOf(character(code), from)],
    ],
  ],
  ["intern", [["", (self) => self]]],
  ["isBlank", [["", (self) => self.trim() === ""]]],
  ["isEmpty", [["", (self) => self === ""]]],
  [
    "join",
    [
      ["sL", (_self, separator: string, list: List) => bounded(list.items.map(print).join(separator))],
      ["s*", (_self, separator: string, ...parts: Value[]) => bounded(parts.map(print).join(separator))],
    ],
  ],
  [
    "lastIndexOf",
    [
      ["s", (self, part: string) => self.lastIndexOf(part)],
      ["i", (self, code: number) => self.lastIndexOf(character(code))],
      ["si", (self, part: string, from: number) => (from < 0 ? -1 : self.lastIndexOf(part, from))],
    ],
  ],
  ["length", [["", (self) => self.length]]],
  ["matches", [["s", (self, pattern: string) => matches(self, pattern)]]],
  ["repeat", [["i", (self, count: number) => repeated(self, count)]]],
  ["replace", [["ss", (self, from: string, to: string) => replaced(self, from, to)]]],
  ["replaceAll", [["ss", (self, from: string, to: string) => bounded(replace(self, from, to, true))]]],
  ["replaceFirst", [["ss", (self, from: string, to: string) => bounded(replace(self, from, to, false))]]],
  [
    "split",
    [
      ["s", (self, separator: string) => arrayOf(split(self, separator, 0))],
      ["si", (self, separator: string, limit: number) => arrayOf(split(self, separator, limit))],
    ],
  ],
  [
    "startsWith",
    [
      ["s", (self, part: string) => self.startsWith(part)],
      ["si", (self, part: string, from: number) => from >= 0 && self.startsWith(part, from)],
    ],
  ],
  ["strip", [["", (self) => self.trim()]]],
  ["stripLeading", [["", (self) => self.trimStart()]]],
  ["stripTrailing", [["", (self) => self.trimEnd()]]],
  ["subSequence", [["ii", (self, from: number, to: number) => substring(self, from, to)]]],
  [
    "substring",
    [
      ["i", (self, from: number) => substring(self, from, self.length)],
      ["ii", (self, from: number, to: number) => substring(self, from, to)],
    ],
  ],
  ["toCharArray", [["", (self) => arrayOf(self.split(""))]]],
  ["toLowerCase", [["", (self) => self.toLowerCase()]]],
  ["toString", [["", (self: string) => self]]],
  ["toUpperCase", [["", (self) => self.toUpperCase()]]],
  ["trim", [["", trim]]],
  ["valueOf", [["o", (_self: string, value: Value) => print(value)]]],
]);

function bytesOf(text: string): List {
  const octets: Uint8Array = Buffer.from(text);
  return arrayOf([...octets].map((octet) => (octet > 127 ? octet - 256 : octet)));
}

function substring(self: string, from: number, to: number): string {
  const end = checked(to, self.length);
  return self.slice(checked(from, end), end);
}

function repeated(self: string, count: number): string {
  if (count < 0) throw new TemplateError("a text cannot be repeated less than no times");
  if (self.length * count > 12_000_000) throw new TemplateError("a text is too long");
  return self.repeat(count);
}

function replaced(self: string, from: string, to: string): string {
  const parts = self.split(from);
  if (self.length + parts.length * to.length > 12_000_000) throw new TemplateError("a text is too long");
  return from === "" ? `${to}${parts.map((part) => part + to).join("")}` : parts.join(to);
}
