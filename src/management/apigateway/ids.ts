/** Identifiers and secrets in AWS's forms: random. */

const LOWER_CASE = "abcdefghijklmnopqrstuvwxyz0123456789";
const BOTH_CASES = `ABCDEFGHIJKLMNOPQRSTUVWXYZ${LOWER_CASE}`;

/** @param length characters @returns characters of `alphabet`, each equally likely */
export function randomId(length: number, alphabet: string = LOWER_CASE): string {
  // Bytes from here on would favour the alphabet's first characters.
  const fair = 256 - (256 % alphabet.length);
  let id = "";
  while (id.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length * 2))) {
      if (byte < fair && id.length < length) id += alphabet[byte % alphabet.length];
    }
  }
  return id;
}

/** The id of a REST API, of its root resource, or of an API key. */
export const longId = () => randomId(10);

/** The id of anything else: resource, model, validator, authorizer, deployment, usage plan, … */
export const shortId = () => randomId(6);

/** The value of an API key for which none is given: 40 letters and digits, as AWS makes them. */
export const apiKeyValue = () => randomId(40, BOTH_CASES);
