/**
 * The `format`s that AWS's validator knows, with the texts it answers; any other is no constraint. What the Java
 * libraries behind them take is taken here as closely as a pattern can say it.
 */
import { Pattern } from "../../regex/pattern.ts";

/** @returns what is wrong; undefined when nothing is */
type Format = (text: string) => string | undefined;

const format =
  (isValid: (text: string) => boolean, complaint: (text: string) => string): Format =>
  (text) =>
    isValid(text) ? undefined : complaint(text);

const called = (what: string) => (text: string) => `string "${text}" is not a valid ${what}`;

const dateTimes = `["yyyy-MM-dd'T'HH:mm:ssZ","yyyy-MM-dd'T'HH:mm:ss.[0-9]{1,12}Z"]`;
const dateTime =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,12})?(?:Z|[+-]\d{2}(?::?\d{2})?)$/;

function isDateTime(text: string): boolean {
  const match = dateTime.exec(text);
  if (!match) return false;
  const [, year, month, day] = match.map(Number) as [number, number, number, number];
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return month >= 1 && month <= 12 && day >= 1 && day <= lastDay;
}

const octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const ipv4 = new RegExp(`^(?:${octet}\\.){3}${octet}$`);

function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const last = groups.at(-1);
  const hasIpv4 = last !== undefined && ipv4.test(last);
  const hex = hasIpv4 ? groups.slice(0, -1) : groups;
  const count = hex.length + (hasIpv4 ? 2 : 0);
  return (
    hex.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) && (halves.length === 2 ? count <= 7 : count === 8)
  );
}

const label = /^[a-zA-Z0-9](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9])?$/;
const isHostname = (text: string): boolean => {
  const labels = text.replace(/\.$/, "").split(".");
  return text.length <= 253 && labels.every((one) => label.test(one)) && !/^\d/.test(labels.at(-1) as string);
};

const email =
  /^(?:[^\s@<>()[\]\\,;:"]+|"[^"\r\n]+")@(?:[^\s@<>()[\]\\,;:".]+(?:\.[^\s@<>()[\]\\,;:".]+)*|\[[^\]\s]+\])$/;
const uri =
  /^(?:[A-Za-z][A-Za-z0-9+.-]*:(?=.))?(?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=[\]]|[^\p{ASCII}\p{C}\p{Z}]|%[0-9A-Fa-f]{2})*(?:#(?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=]|[^\p{ASCII}\p{C}\p{Z}]|%[0-9A-Fa-f]{2})*)?$/u;

function isRegex(text: string): boolean {
  try {
    new Pattern(text, "", "ecmascript");
    return true;
  } catch {
    return false;
  }
}

const hexadecimal =
  (length: number): Format =>
  (text) => {
    if (text.length !== length)
      return `input string has incorrect length (${text.length}, expected ${length})`;
    const at = text.search(/[^0-9a-fA-F]/);
    return at === -1 ? undefined : `illegal character "${text[at]}" in input at index ${at}`;
  };

function base64(text: string): string | undefined {
  if (text.length % 4 !== 0)
    return `input has illegal length (must be a multiple of 4, found ${text.length})`;
  const at = text.replace(/={1,2}$/, "").search(/[^A-Za-z0-9+/]/);
  return at === -1 ? undefined : `illegal character "${text[at]}" at index ${at} (not in Base64 alphabet)`;
}

export const formats: ReadonlyMap<string, Format> = new Map<string, Format>([
  ["base64", base64],
  [
    "date-time",
    format(isDateTime, (text) => `string "${text}" is invalid against requested date format(s) ${dateTimes}`),
  ],
  ["email", format((text) => email.test(text), called("email address"))],
  ["hostname", format(isHostname, called("hostname"))],
  ["ipv4", format((text) => ipv4.test(text), called("IPv4 address"))],
  ["ipv6", format(isIpv6, called("IPv6 address"))],
  [
    "json-pointer",
    format(
      (text) => /^(?:\/(?:[^~/]|~[01])*)*$/.test(text),
      (text) => `input string "${text}" is not a valid JSON Pointer`,
    ),
  ],
  [
    "mac",
    format(
      (text) => /^[A-Fa-f0-9]{2}(?::[A-Fa-f0-9]{2}){5}$/.test(text),
      (text) => `input string "${text}" is not a valid MAC address`,
    ),
  ],
  ["md5", hexadecimal(32)],
  ["regex", format(isRegex, called("ECMA 262 regular expression"))],
  ["sha1", hexadecimal(40)],
  ["sha256", hexadecimal(64)],
  ["sha512", hexadecimal(128)],
  ["uri", format((text) => uri.test(text), called("URI"))],
  [
    "uuid",
    format(
      (text) => /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(text),
      (text) => `input string "${text}" is not a valid UUID`,
    ),
  ],
]);
