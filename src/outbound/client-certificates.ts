/** Client certificates with their private keys: the one thing of an invoke that the Account object is asked for. */
import type { KeyPair } from "../definitions/rest-api.ts";
import type { Env } from "../settings.ts";

/** Never changed, and no longer asked for once they are deleted. */
const known = new Map<string, KeyPair>();
/** As many as an account may have, and some that are no more. */
const mostKnown = 100;

/** @returns undefined when there is no such certificate */
export async function keyPairOf(env: Env, id: string): Promise<KeyPair | undefined> {
  let keyPair = known.get(id);
  if (!keyPair) {
    const account = env.ACCOUNT.get(env.ACCOUNT.idFromName("account"));
    keyPair = await account.clientCertificateKeyPair(id);
    if (!keyPair) return undefined;
    if (known.size >= mostKnown) known.clear();
    known.set(id, keyPair);
  }
  return keyPair;
}
