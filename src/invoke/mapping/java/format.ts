/** Java's String.format, for the conversions that templates use: `%s %d %x %o %f %e %b %c %n %%`. */
import { TemplateError } from "../template-scope.ts";
import { Double, isNumber, type JavaNumber, printNumber, toLong } from "./numbers.ts";
import { print, type Value } from "./values.ts";

const widest = 10_000;

/** @throws TemplateError for a format that cannot be, and for arguments that are missing or of another kind */
export function format(pattern: string, values: Value[]): string {
  let next = 0;
  return pattern.replace(
    /%(?:(\d+)\$)?([-#+ 0,(]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])|%/g,
    (whole, position?: string, flags = "", width?: string, precision?: string, conversion?: string) => {
      if (conversion === undefined) throw new TemplateError(`${whole} is no conversion of a format`);
      if (conversion === "n") return "\n";
      if (conversion === "%") return "%";
      if (Number(width ?? 0) > widest || Number(precision ?? 0) > 100)
        throw new TemplateError(`${whole} is too wide`);
      const value = values[position ? Number(position) - 1 : next++];
      if (value === undefined) throw new TemplateError(`${whole} has no argument`);
      const text = convert(conversion, value, flags, precision === undefined ? undefined : Number(precision));
      const upper = conversion === conversion.toUpperCase() ? text.toUpperCase() : text;
      return pad(upper, flags, Number(width ?? 0));
    },
  );
}

function pad(text: string, flags: string, width: number): string {
  if (flags.includes("-")) return text.padEnd(width);
  if (!flags.includes("0")) return text.padStart(width);
  const sign = /^[-+ ]/.exec(text)?.[0] ?? "";
  return sign + text.slice(sign.length).padStart(width - sign.length, "0");
}

function convert(conversion: string, value: Value, flags: string, precision: number | undefined): string {
  switch (conversion.toLowerCase()) {
    case "s":
      return print(value).slice(0, precision);
    case "b":
      return String(typeof value === "boolean" ? value : value !== null);
    case "c":
      return typeof value === "number" ? String.fromCodePoint(value) : print(value).slice(0, 1);
    case "d":
      if (!isWhole(value)) break;
      return signed(print(value), flags);
    case "x":
    case "o": {
      if (!isWhole(value)) break;
      const bits = typeof value === "number" ? 32 : 64;
      return BigInt.asUintN(bits, toLong(value)).toString(conversion.toLowerCase() === "x" ? 16 : 8);
    }
    case "f":
      if (!(value instanceof Double)) break;
      return signed(fixed(value.value, precision ?? 6), flags);
    case "e":
      if (!(value instanceof Double)) break;
      return signed(exponential(value.value, precision ?? 6), flags);
  }
  throw new TemplateError(`%${conversion} is not for ${isNumber(value) ? printNumber(value) : "this value"}`);
}

const isWhole = (value: Value): value is JavaNumber => isNumber(value) && /^-?\d+$/.test(printNumber(value));

/** Half up, as Java rounds the digits that a Double prints. */
function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return printNumber(new Double(value));
  const [mantissa = "", exponent = "0"] = String(Math.abs(value)).split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const scale = fraction.length - Number(exponent);
  const unscaled = BigInt(whole + fraction);
  const shift = scale - digits;
  const rounded =
    shift > 0
      ? (unscaled + 5n * 10n ** BigInt(shift - 1)) / 10n ** BigInt(shift)
      : unscaled * 10n ** BigInt(-shift);
  const text = String(rounded).padStart(digits + 1, "0");
  const sign = value < 0 ? "-" : "";
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

const exponential = (value: number, digits: number): string =>
  value.toExponential(digits).replace(/e([+-])(\d)$/, "e$10$2");

/** With the flags `+`, blank, `,` and `(`. */
function signed(text: string, flags: string): string {
  const isNegative = text.startsWith("-");
  let size = isNegative ? text.slice(1) : text;
  if (flags.includes(",")) size = size.replace(/^\d+/, (whole) => whole.replace(/\B(?=(?:\d{3})+$)/g, ","));
  if (isNegative) return flags.includes("(") ? `(${size})` : `-${size}`;
  return flags.includes("+") ? `+${size}` : flags.includes(" ") ? ` ${size}` : size;
}
