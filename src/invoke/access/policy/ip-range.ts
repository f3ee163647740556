/** Ranges of IP addresses: `203.0.113.0/24`, `2001:db8::/32`, or one address. */

interface Address {
  bits: bigint;
  /** 32 or 128. */
  length: number;
}

/** Whether an address, as text, lies in a range. */
export type IpRange = (address: string) => boolean;

/** @returns undefined for what is no range; bits beyond the prefix do not matter */
export function parseIpRange(text: string): IpRange | undefined {
  const [start = "", prefix, ...more] = text.split("/");
  const first = parseAddress(start);
  if (!first || more.length > 0) return undefined;
  if (prefix !== undefined && !(/^\d{1,3}$/.test(prefix) && Number(prefix) <= first.length)) return undefined;
  const shift = BigInt(first.length - Number(prefix ?? first.length));
  const network = first.bits >> shift;
  return (address) => {
    const parsed = parseAddress(address);
    return parsed?.length === first.length && parsed.bits >> shift === network;
  };
}

/** An IPv4 address within IPv6 (`::ffff:192.0.2.1`) is that IPv4 address. */
function parseAddress(text: string): Address | undefined {
  if (!text.includes(":")) {
    const bits = parseV4(text);
    return bits === undefined ? undefined : { bits, length: 32 };
  }
  const bits = parseV6(text);
  if (bits === undefined) return undefined;
  return bits >> 32n === 0xffffn ? { bits: bits & 0xffffffffn, length: 32 } : { bits, length: 128 };
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

function parseV6(text: string): bigint | undefined {
  const dotted = /^(.*:)([\d.]+)$/.exec(text);
  if (dotted?.[2]?.includes(".")) {
    const bits = parseV4(dotted[2]);
    if (bits === undefined) return undefined;
    return parseV6(`${dotted[1]}${(bits >> 16n).toString(16)}:${(bits & 0xffffn).toString(16)}`);
  }
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<string>(Math.max(0, missing)).fill("0"), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}
