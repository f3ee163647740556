/**
 * A connection's id in AWS's form, such as `L0SM9cOFvHcCIhw=`: eleven octets in base64url. They say which shard has the
 * connection, so that nobody keeps a directory: six random octets, three for the shard (mixed with the random ones, or
 * ids of one shard would look alike), and two that check the rest together with API and stage. An id of another stage, or
 * one that is garbled, is found out before any object is asked. The check is no secret: who may use `@connections` is for
 * signatures to say.
 */
import { Buffer } from "node:buffer";
import { type Shard, shardsOf } from "./shards.ts";

/** What a connection belongs to. */
export interface ConnectionPlace {
  apiId: string;
  stageName: string;
}

const form = /^[\w-]{14}[AEIMQUYcgkosw048]=$/;
const lettersInAlphabet = 26;
const numberBits = 9;

/** A new one, of six octets that cannot be foreseen. */
export function newConnectionId(shard: Shard, place: ConnectionPlace): string {
  const octets = Buffer.alloc(11);
  crypto.getRandomValues(octets.subarray(0, 6));
  const encoded = (placeNumber(shard.place) << numberBits) | shard.number;
  octets.writeUIntBE((encoded ^ maskOf(octets)) >>> 0, 6, 3);
  octets.writeUInt16BE(checkOf(octets, place), 9);
  return `${octets.toString("base64url")}=`;
}

/** Whether a text could be an id at all. */
export const isConnectionId = (id: string): boolean => form.test(id);

/** @returns the shard that has the connection, if any has; undefined for an id that was not made for this stage */
export function shardOfConnection(id: string, place: ConnectionPlace): Shard | undefined {
  if (!isConnectionId(id)) return undefined;
  const octets = Buffer.from(id, "base64url");
  if (checkOf(octets, place) !== octets.readUInt16BE(9)) return undefined;
  const encoded = octets.readUIntBE(6, 3) ^ maskOf(octets);
  const shardPlace = placeOfNumber(encoded >>> numberBits);
  const number = encoded & ((1 << numberBits) - 1);
  return shardPlace === undefined || number >= shardsOf(shardPlace)
    ? undefined
    : { place: shardPlace, number };
}

const maskOf = (octets: Buffer): number => hashOf(octets.subarray(0, 6)) >>> 8;

const checkOf = (octets: Buffer, { apiId, stageName }: ConnectionPlace): number =>
  hashOf(octets.subarray(0, 9), `${apiId}/${stageName}`) >>> 16;

/**
 * 32 bits of no secrecy, FNV-1a, with the end of MurmurHash3. Every POST to a
 * connection asks for two, and a cryptographic one takes ten times as long.
 */
function hashOf(octets: Buffer, text = ""): number {
  let hash = 0x811c9dc5;
  for (const octet of octets) hash = Math.imul(hash ^ octet, 0x01000193);
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** 0 for one machine, from 1 on for data centres. */
function placeNumber(place: string): number {
  if (place === "") return 0;
  let number = 0;
  for (const letter of place) number = number * lettersInAlphabet + letter.charCodeAt(0) - 65;
  return number + 1;
}

function placeOfNumber(number: number): string | undefined {
  if (number === 0) return "";
  if (number > lettersInAlphabet ** 3) return undefined;
  const letters = [2, 1, 0].map((power) =>
    String.fromCharCode(65 + (Math.floor((number - 1) / lettersInAlphabet ** power) % lettersInAlphabet)),
  );
  return letters.join("");
}
