/** ASN.1 values in their distinguished encoding (X.690), as many kinds as a certificate has. */

/** A value with its tag and length. */
export type Der = Uint8Array<ArrayBuffer>;

const utf8 = new TextEncoder();

/** @param tag one octet @param parts the contents, in order */
export function der(tag: number, ...parts: Uint8Array[]): Der {
  const length = parts.reduce((sum, part) => sum + part.byteLength, 0);
  const head = [tag, ...lengthOctets(length)];
  const value = new Uint8Array(head.length + length);
  value.set(head);
  let offset = head.length;
  for (const part of parts) {
    value.set(part, offset);
    offset += part.byteLength;
  }
  return value;
}

/** Lengths up to 127 are one octet; longer ones say first how many octets they have. */
function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 + octets.length, ...octets];
}

export const sequence = (...parts: Uint8Array[]): Der => der(0x30, ...parts);
export const set = (...parts: Uint8Array[]): Der => der(0x31, ...parts);
export const octetString = (octets: Uint8Array): Der => der(0x04, octets);
export const explicit = (tag: number, value: Der): Der => der(0xa0 + tag, value);
export const nothing = (): Der => der(0x05);
export const printableString = (text: string): Der => der(0x13, utf8.encode(text));
/** Of whole octets: none of the last one's bits are unused. */
export const bitString = (octets: Uint8Array): Der => der(0x03, Uint8Array.of(0), octets);

/** @param octets of a number that is not negative, the highest first */
export function integer(octets: Uint8Array): Der {
  let start = 0;
  while (start < octets.length - 1 && octets[start] === 0) start++;
  const shortest = octets.subarray(start);
  const looksNegative = ((shortest[0] ?? 0) & 0x80) !== 0;
  return looksNegative ? der(0x02, Uint8Array.of(0), shortest) : der(0x02, shortest);
}

/** @param dotted such as `2.5.4.3` */
export function objectIdentifier(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return der(0x06, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

function base128(value: number): number[] {
  const octets = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) octets.unshift(0x80 | (rest & 0x7f));
  return octets;
}

/** @param seconds Unix time; from 2050 on a certificate's times have four digits a year (RFC 5280, 4.1.2.5) */
export function time(seconds: number): Der {
  const digits = new Date(seconds * 1000).toISOString().replace(/\.\d+|[-:T]/g, "");
  return digits < "2050" ? der(0x17, utf8.encode(digits.slice(2))) : der(0x18, utf8.encode(digits));
}
