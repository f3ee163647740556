/** The methods of Java's Integer, Long, Double, Big numbers and Boolean, the static ones among them. */
import { trim } from "../json/read.ts";
import { TemplateError } from "../template-scope.ts";
import type { Methods, Overload } from "./method-table.ts";
import {
  BigDecimal,
  BigInteger,
  calculate,
  compareNumbers,
  Double,
  hashOfNumber,
  type JavaNumber,
  Long,
  type Operator,
  printNumber,
  toDouble,
  toInt,
  toLong,
} from "./numbers.ts";
import { isEqual, type Value } from "./values.ts";

const ofAll: Methods<JavaNumber> = new Map<string, readonly Overload<JavaNumber>[]>([
  ["byteValue", [["", (self) => Number(BigInt.asIntN(8, toLong(self)))]]],
  ["doubleValue", [["", (self) => new Double(toDouble(self))]]],
  ["equals", [["o", (self, other: Value) => isEqual(self, other)]]],
  ["floatValue", [["", (self) => new Double(Number(Math.fround(toDouble(self)).toPrecision(8)))]]],
  ["hashCode", [["", hashOfNumber]]],
  ["intValue", [["", toInt]]],
  ["longValue", [["", (self) => new Long(toLong(self))]]],
  ["shortValue", [["", (self) => Number(BigInt.asIntN(16, toLong(self)))]]],
  ["toString", [["", (self: JavaNumber) => printNumber(self)]]],
]);

/** @throws TemplateError for what is no whole number between the two */
function whole(text: string, radix: number, bits: number): bigint {
  const digits = /^[+-]?[0-9A-Za-z]+$/.test(text) ? text.replace(/^[+-]/, "") : "";
  let value = 0n;
  for (const digit of digits) {
    const number = Number.parseInt(digit, 36);
    if (number >= radix) throw new TemplateError(`${text} is no number`);
    value = value * BigInt(radix) + BigInt(number);
  }
  if (text.startsWith("-")) value = -value;
  if (digits === "" || digits.length > 70 || value !== BigInt.asIntN(bits, value)) {
    throw new TemplateError(`${text} is no number`);
  }
  return value;
}

const integer = (text: string, radix = 10): number => Number(whole(text, radix, 32));
const long = (text: string, radix = 10): Long => new Long(whole(text, radix, 64));

/** @throws TemplateError */
function double(text: string): Double {
  const trimmed = trim(text).replace(/[dDfF]$/, "");
  if (trimmed === "NaN" || /^[+-]?Infinity$/.test(trimmed)) return new Double(Number(trimmed));
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(trimmed))
    throw new TemplateError(`${text} is no number`);
  return new Double(Number(trimmed));
}

const unsigned = (value: JavaNumber, bits: number, radix: number): string =>
  BigInt.asUintN(bits, toLong(value)).toString(radix);

const integers: Methods<JavaNumber> = new Map<string, readonly Overload<JavaNumber>[]>([
  ...ofAll,
  ["bitCount", [["i", (_self, value: number) => unsigned(value, 32, 2).replaceAll("0", "").length]]],
  ["compare", [["ii", (_self, a: number, b: number) => Math.sign(a - b)]]],
  ["compareTo", [["o", (self, other: Value) => comparedTo(self, other)]]],
  ["max", [["ii", (_self, a: number, b: number) => Math.max(a, b)]]],
  ["min", [["ii", (_self, a: number, b: number) => Math.min(a, b)]]],
  [
    "parseInt",
    [
      ["s", (_self, text: string) => integer(text)],
      ["si", (_self, text: string, radix: number) => integer(text, radix)],
    ],
  ],
  ["signum", [["i", (_self, value: number) => Math.sign(value)]]],
  ["sum", [["ii", (_self, a: number, b: number) => (a + b) | 0]]],
  ["toBinaryString", [["i", (_self, value: number) => unsigned(value, 32, 2)]]],
  ["toHexString", [["i", (_self, value: number) => unsigned(value, 32, 16)]]],
  ["toOctalString", [["i", (_self, value: number) => unsigned(value, 32, 8)]]],
  [
    "toString",
    [
      ["", (self: JavaNumber) => printNumber(self)],
      ["i", (_self: JavaNumber, value: number) => String(value)],
      ["ii", (_self: JavaNumber, value: number, radix: number) => value.toString(radix)],
    ],
  ],
  [
    "valueOf",
    [
      ["i", (_self: JavaNumber, value: number) => value],
      ["s", (_self: JavaNumber, text: string) => integer(text)],
      ["si", (_self: JavaNumber, text: string, radix: number) => integer(text, radix)],
    ],
  ],
]);

const longs: Methods<JavaNumber> = new Map<string, readonly Overload<JavaNumber>[]>([
  ...ofAll,
  ["compare", [["ll", (_self, a: JavaNumber, b: JavaNumber) => compareNumbers(a, b)]]],
  ["compareTo", [["o", (self, other: Value) => comparedTo(self, other)]]],
  [
    "max",
    [["ll", (_self, a: JavaNumber, b: JavaNumber) => new Long(toLong(compareNumbers(a, b) < 0 ? b : a))]],
  ],
  [
    "min",
    [["ll", (_self, a: JavaNumber, b: JavaNumber) => new Long(toLong(compareNumbers(a, b) < 0 ? a : b))]],
  ],
  ["parseLong", [["s", (_self, text: string) => long(text)]]],
  ["toHexString", [["l", (_self, value: JavaNumber) => unsigned(value, 64, 16)]]],
  [
    "toString",
    [
      ["", (self: JavaNumber) => printNumber(self)],
      ["l", (_self: JavaNumber, value: JavaNumber) => printNumber(value)],
    ],
  ],
  [
    "valueOf",
    [
      ["l", (_self: JavaNumber, value: JavaNumber) => new Long(toLong(value))],
      ["s", (_self: JavaNumber, text: string) => long(text)],
    ],
  ],
]);

const doubles: Methods<JavaNumber> = new Map<string, readonly Overload<JavaNumber>[]>([
  ...ofAll,
  ["compare", [["dd", (_self, a: JavaNumber, b: JavaNumber) => compareNumbers(a, b)]]],
  ["compareTo", [["o", (self, other: Value) => comparedTo(self, other)]]],
  ["isInfinite", [["", (self) => Math.abs(toDouble(self)) === Number.POSITIVE_INFINITY]]],
  ["isNaN", [["", (self) => Number.isNaN(toDouble(self))]]],
  ["max", [["dd", (_self, a: JavaNumber, b: JavaNumber) => new Double(Math.max(toDouble(a), toDouble(b)))]]],
  ["min", [["dd", (_self, a: JavaNumber, b: JavaNumber) => new Double(Math.min(toDouble(a), toDouble(b)))]]],
  ["parseDouble", [["s", (_self, text: string) => double(text)]]],
  ["sum", [["dd", (_self, a: JavaNumber, b: JavaNumber) => new Double(toDouble(a) + toDouble(b))]]],
  [
    "toString",
    [
      ["", (self: JavaNumber) => printNumber(self)],
      ["d", (_self: JavaNumber, value: JavaNumber) => printNumber(new Double(toDouble(value)))],
    ],
  ],
  [
    "valueOf",
    [
      ["d", (_self: JavaNumber, value: JavaNumber) => new Double(toDouble(value))],
      ["s", (_self: JavaNumber, text: string) => double(text)],
    ],
  ],
]);

const isOfKind = (self: JavaNumber, other: Value): boolean =>
  typeof other === "object" && other !== null && other.constructor === self.constructor;

function compareBooleans(self: boolean, other: Value): number {
  if (typeof other !== "boolean") throw new TemplateError("compareTo() needs a boolean");
  return Number(self) - Number(other);
}

/** A number of the same kind only: Java has no other compareTo. */
function comparedTo(self: JavaNumber, other: Value): Value {
  const isSameKind = typeof self === "number" ? typeof other === "number" : isOfKind(self, other);
  if (!isSameKind) throw new TemplateError("compareTo() needs a number of the same kind");
  return compareNumbers(self, other as JavaNumber);
}

const withBig = (operator: Operator) => (self: JavaNumber, other: Value) => {
  const result = isOfKind(self, other) ? calculate(operator, self, other as JavaNumber) : null;
  if (result === null) throw new TemplateError("this cannot be calculated");
  return result;
};

const bigs: Methods<JavaNumber> = new Map<string, readonly Overload<JavaNumber>[]>([
  ...ofAll,
  ["add", [["o", withBig("+")]]],
  ["compareTo", [["o", (self, other: Value) => comparedTo(self, other)]]],
  ["divide", [["o", withBig("/")]]],
  ["equals", [["o", (self, other: Value) => isEqual(self, other)]]],
  ["mod", [["o", withBig("%")]]],
  ["multiply", [["o", withBig("*")]]],
  ["signum", [["", (self) => compareNumbers(self, 0)]]],
  ["subtract", [["o", withBig("-")]]],
  ["toPlainString", [["", (self) => (self instanceof BigDecimal ? plain(self) : printNumber(self))]]],
]);

function plain({ unscaled, scale }: BigDecimal): string {
  return scale <= 0
    ? String(unscaled * 10n ** BigInt(-scale))
    : printNumber(new BigDecimal(unscaled, scale)).includes("E")
      ? `${unscaled < 0n ? "-" : ""}0.${String(unscaled).replace("-", "").padStart(scale, "0")}`
      : printNumber(new BigDecimal(unscaled, scale));
}

export function numberMethods(self: JavaNumber): Methods<JavaNumber> {
  if (typeof self === "number") return integers;
  if (self instanceof Long) return longs;
  if (self instanceof Double) return doubles;
  return self instanceof BigInteger || self instanceof BigDecimal ? bigs : ofAll;
}

export const booleanMethods: Methods<boolean> = new Map<string, readonly Overload<boolean>[]>([
  ["booleanValue", [["", (self) => self]]],
  ["compareTo", [["o", compareBooleans]]],
  ["equals", [["o", (self, other: Value) => self === other]]],
  ["hashCode", [["", (self) => (self ? 1231 : 1237)]]],
  ["logicalAnd", [["bb", (_self, a: boolean, b: boolean) => a && b]]],
  ["logicalOr", [["bb", (_self, a: boolean, b: boolean) => a || b]]],
  ["logicalXor", [["bb", (_self, a: boolean, b: boolean) => a !== b]]],
  ["parseBoolean", [["s", (_self, text: string) => text.toLowerCase() === "true"]]],
  [
    "toString",
    [
      ["", (self: boolean) => String(self)],
      ["b", (_self: boolean, value: boolean) => String(value)],
    ],
  ],
  [
    "valueOf",
    [
      ["b", (_self: boolean, value: boolean) => value],
      ["s", (_self: boolean, text: string) => text.toLowerCase() === "true"],
    ],
  ],
]);
