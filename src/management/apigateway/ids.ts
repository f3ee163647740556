/** Identifiers in AWS's forms: random, of `a-z0-9`. */

const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
/** Bytes from here on would favour the alphabet's first characters. */
const FAIR = 256 - (256 % ALPHABET.length);

/** @param length characters @returns characters of `a-z0-9`, each equally likely */
export function randomId(length: number): string {
  let id = "";
  while (id.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length * 2))) {
      if (byte < FAIR && id.length < length) id += ALPHABET[byte % ALPHABET.length];
    }
  }
  return id;
}

/** The id of a REST API, of its root resource, or of an API key. */
export const longId = () => randomId(10);

/** The id of anything else: resource, model, validator, authorizer, deployment, usage plan, … */
export const shortId = () => randomId(6);
