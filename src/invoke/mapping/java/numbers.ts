/**
 * Java's numbers as Velocity 1.7 calculates with them: Integer, which is a JavaScript number here, Long, BigInteger,
 * Double and BigDecimal. Whole numbers grow when they overflow; a Double with anything but a Big one is a Double.
 */

export class Long {
  readonly value: bigint;

  constructor(value: bigint) {
    this.value = value;
  }
}

export class BigInteger {
  readonly value: bigint;

  constructor(value: bigint) {
    this.value = value;
  }
}

export class Double {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** `unscaled` × 10^-`scale`. */
export class BigDecimal {
  readonly unscaled: bigint;
  readonly scale: number;

  constructor(unscaled: bigint, scale: number) {
    this.unscaled = unscaled;
    this.scale = scale;
  }
}

export type JavaNumber = number | Long | BigInteger | Double | BigDecimal;

export const isNumber = (value: unknown): value is JavaNumber =>
  typeof value === "number" ||
  value instanceof Double ||
  value instanceof Long ||
  value instanceof BigInteger ||
  value instanceof BigDecimal;

/** Decimal places. */
const mostScale = 10_000;
const leastInt = -(2 ** 31);
const greatestInt = 2 ** 31 - 1;
const isInt = (value: bigint | number): boolean => value >= leastInt && value <= greatestInt;
const isLong = (value: bigint): boolean => value === BigInt.asIntN(64, value);

/** @param text digits, perhaps with a minus */
export function parseInteger(text: string): JavaNumber {
  if (text.length < 10) return Number(text) + 0;
  const value = BigInt(text);
  if (isInt(value)) return Number(value);
  return isLong(value) ? new Long(value) : new BigInteger(value);
}

/** As json-smart reads a fraction: of more than 18 characters it is exact. @param text as in JSON */
export function parseFraction(text: string): Double | BigDecimal {
  return text.length > 18 ? parseDecimal(text) : new Double(Number(text));
}

/** By its digits. @param text digits, perhaps with a sign, a fraction and an exponent */
export function parseDecimal(text: string): BigDecimal {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^([-+]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  // With an exponent that no calculation could end with it is as good as nothing, or the greatest.
  const scale = fraction.length - Math.max(-mostScale, Math.min(mostScale, Number(exponent)));
  const unscaled = BigInt(`${whole}${fraction}` || "0");
  return new BigDecimal(sign === "-" ? -unscaled : unscaled, scale);
}

export function printNumber(value: JavaNumber): string {
  if (typeof value === "number") return String(value);
  if (value instanceof Double) return printDouble(value.value);
  if (value instanceof BigDecimal) return printDecimal(value);
  return String(value.value);
}

/** Java's Double.toString. */
function printDouble(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) {
    const [digits = "", exponent = ""] = value.toExponential().split("e");
    return `${digits.includes(".") ? digits : `${digits}.0`}E${exponent.replace("+", "")}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** Java's BigDecimal.toString. */
function printDecimal({ unscaled, scale }: BigDecimal): string {
  const sign = unscaled < 0n ? "-" : "";
  const digits = String(unscaled).replace("-", "");
  const exponent = digits.length - 1 - scale;
  if (scale === 0) return sign + digits;
  if (scale > 0 && exponent >= -6) {
    const padded = digits.padStart(scale + 1, "0");
    return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
  }
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
  return `${sign}${digits[0]}${fraction}E${exponent >= 0 ? "+" : ""}${exponent}`;
}

/** Java's doubleValue(). */
export function toDouble(value: JavaNumber): number {
  if (typeof value === "number") return value;
  if (value instanceof Double) return value.value;
  if (value instanceof BigDecimal) return Number(`${value.unscaled}e${-value.scale}`);
  return Number(value.value);
}

/** Java's longValue(): what is beyond 64 bits is cut off, but a Double stops at the ends. */
export function toLong(value: JavaNumber): bigint {
  if (typeof value === "number") return BigInt(value);
  if (value instanceof Double) {
    if (Number.isNaN(value.value)) return 0n;
    const whole = Math.max(-(2 ** 63), Math.min(2 ** 63, Math.trunc(value.value)));
    return whole === 2 ** 63 ? 2n ** 63n - 1n : BigInt(whole);
  }
  if (value instanceof BigDecimal) return BigInt.asIntN(64, rescaled(value, 0));
  return BigInt.asIntN(64, value.value);
}

/** Java's intValue(). */
export function toInt(value: JavaNumber): number {
  if (typeof value === "number") return value;
  if (value instanceof Double) {
    if (Number.isNaN(value.value)) return 0;
    return Math.max(leastInt, Math.min(greatestInt, Math.trunc(value.value)));
  }
  return Number(BigInt.asIntN(32, toLong(value)));
}

/** The unscaled value for another scale; digits are cut off when it is smaller. */
function rescaled({ unscaled, scale }: BigDecimal, to: number): bigint {
  return to >= scale ? unscaled * 10n ** BigInt(to - scale) : unscaled / 10n ** BigInt(scale - to);
}

/** All digits of a Double, as `new BigDecimal(double)` has them. */
function exactly(value: number): BigDecimal {
  if (!Number.isFinite(value)) throw new RangeError("no decimal number");
  let scale = 0;
  let whole = value;
  while (!Number.isInteger(whole)) {
    whole *= 2;
    scale++;
  }
  return new BigDecimal(BigInt(whole) * 5n ** BigInt(scale), scale);
}

function toDecimal(value: JavaNumber): BigDecimal {
  if (value instanceof BigDecimal) return value;
  if (value instanceof BigInteger || value instanceof Long) return new BigDecimal(value.value, 0);
  return typeof value === "number" ? new BigDecimal(BigInt(value), 0) : exactly(value.value);
}

const isWhole = (value: JavaNumber): value is number | Long | BigInteger =>
  !(value instanceof Double || value instanceof BigDecimal);

type Base = "int" | "long" | "integer" | "double" | "decimal";

/** In which kind of numbers the two are calculated with. */
function baseOf(left: JavaNumber, right: JavaNumber): Base {
  if (typeof left === "number" && typeof right === "number") return "int";
  if (left instanceof BigDecimal || right instanceof BigDecimal) return "decimal";
  const isBig = left instanceof BigInteger || right instanceof BigInteger;
  if (isWhole(left) && isWhole(right)) return isBig ? "integer" : "long";
  return isBig ? "decimal" : "double";
}

export type Operator = "+" | "-" | "*" | "/" | "%";

/**
 * @returns null for a division by zero
 * @throws RangeError where Java throws an ArithmeticException
 */
export function calculate(operator: Operator, left: JavaNumber, right: JavaNumber): JavaNumber | null {
  if ((operator === "/" || operator === "%") && isZero(right)) return null;
  switch (baseOf(left, right)) {
    case "int": {
      const result = ofDoubles(operator, left as number, right as number);
      const whole = operator === "/" ? Math.trunc(result) : result;
      if (isInt(whole)) return whole + 0;
      return new Long(ofWholes(operator, BigInt(left as number), BigInt(right as number)));
    }
    case "long": {
      const result = ofWholes(operator, toLong(left), toLong(right));
      if (isLong(result)) return new Long(result);
      return operator === "/" ? new Long(BigInt.asIntN(64, result)) : new BigInteger(result);
    }
    case "integer":
      if (operator === "%")
        return new BigInteger(modulo(toDecimal(left).unscaled, toDecimal(right).unscaled));
      return new BigInteger(ofWholes(operator, toDecimal(left).unscaled, toDecimal(right).unscaled));
    case "double":
      return new Double(ofDoubles(operator, toDouble(left), toDouble(right)));
    case "decimal":
      return ofDecimals(operator, toDecimal(left), toDecimal(right));
  }
}

const isZero = (value: JavaNumber): boolean =>
  value instanceof BigDecimal ? value.unscaled === 0n : toDouble(value) === 0;

/** Java's BigInteger.mod, which is never negative. */
function modulo(left: bigint, right: bigint): bigint {
  if (right < 0n) throw new RangeError("a modulus is negative");
  const rest = left % right;
  return rest < 0n ? rest + right : rest;
}

function ofDoubles(operator: Operator, left: number, right: number): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
    case "%":
      return left % right;
  }
}

function ofWholes(operator: Operator, left: bigint, right: bigint): bigint {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
    case "%":
      return left % right;
  }
}

function ofDecimals(operator: Operator, left: BigDecimal, right: BigDecimal): BigDecimal {
  const scale = Math.max(left.scale, right.scale);
  switch (operator) {
    case "+":
      return new BigDecimal(rescaled(left, scale) + rescaled(right, scale), scale);
    case "-":
      return new BigDecimal(rescaled(left, scale) - rescaled(right, scale), scale);
    case "*":
      return new BigDecimal(left.unscaled * right.unscaled, left.scale + right.scale);
    case "/":
      return quotient(left, right);
    case "%":
      throw new RangeError("a decimal number has no modulus");
  }
}

/** With the scale of the dividend, half rounded down. */
function quotient(left: BigDecimal, right: BigDecimal): BigDecimal {
  const shift = right.scale;
  const dividend = shift >= 0 ? left.unscaled * 10n ** BigInt(shift) : left.unscaled;
  const divisor = shift >= 0 ? right.unscaled : right.unscaled * 10n ** BigInt(-shift);
  const whole = dividend / divisor;
  const rest = dividend % divisor;
  const double = (rest < 0n ? -rest : rest) * 2n;
  const isUp = double > (divisor < 0n ? -divisor : divisor);
  const isNegative = dividend < 0n !== divisor < 0n;
  return new BigDecimal(isUp ? whole + (isNegative ? -1n : 1n) : whole, left.scale);
}

/** @returns a negative number, 0 or a positive one; 0 where a NaN is among them, as Velocity has it */
export function compareNumbers(left: JavaNumber, right: JavaNumber): number {
  switch (baseOf(left, right)) {
    case "int":
    case "double": {
      const a = toDouble(left);
      const b = toDouble(right);
      return a < b ? -1 : a > b ? 1 : 0;
    }
    case "long":
    case "integer":
    case "decimal":
      return compareExactly(left, right);
  }
}

/** By all their digits. */
export function compareExactly(left: JavaNumber, right: JavaNumber): number {
  const a = toDecimal(left);
  const b = toDecimal(right);
  const scale = Math.max(a.scale, b.scale);
  const difference = rescaled(a, scale) - rescaled(b, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Java's equals(): of one kind and one value. */
export function isSameNumber(left: JavaNumber, right: JavaNumber): boolean {
  if (typeof left === "number" || typeof right === "number") return left === right;
  if (left.constructor !== right.constructor) return false;
  if (left instanceof BigDecimal) {
    return left.unscaled === (right as BigDecimal).unscaled && left.scale === (right as BigDecimal).scale;
  }
  return Object.is(left.value, (right as Double | Long).value);
}

const hashOfLong = (value: bigint): number =>
  Number(BigInt.asIntN(32, (value >> 32n) ^ BigInt.asUintN(32, value)));

/** Java's hashCode(); of the Big ones it is not Java's. */
export function hashOfNumber(value: JavaNumber): number {
  if (typeof value === "number") return value;
  if (value instanceof Double) {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value.value);
    return hashOfLong(view.getBigInt64(0));
  }
  return hashOfLong(toLong(value));
}
