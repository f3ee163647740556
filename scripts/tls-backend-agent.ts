/** Connections to HTTPS endpoints, with a client certificate and a verification of their own. */
import type { X509Certificate } from "node:crypto";
import { Agent, type RequestOptions } from "node:https";
import type { Duplex } from "node:stream";
import { type ConnectionOptions, checkServerIdentity, connect, type TLSSocket } from "node:tls";
import type { KeyPair } from "../src/definitions/rest-api.ts";
import { CertificateOutOfDate } from "./tls-fault.ts";

/** Milliseconds for which a connection is kept that has nothing to do: less than servers usually keep theirs. */
const idleTimeout = 4_000;

/** Verifications that fail only because nobody knows who has signed. */
const unknownIssuer: ReadonlySet<string> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

export class BackendAgent extends Agent {
  readonly #skipsVerification: boolean;

  /** @param skipsVerification accepts certificates whose issuer is not known, and no others */
  constructor(clientCertificate: KeyPair | undefined, skipsVerification: boolean) {
    super({
      keepAlive: true,
      timeout: idleTimeout,
      ...(clientCertificate
        ? { cert: clientCertificate.certificate, key: clientCertificate.privateKey }
        : {}),
    });
    this.#skipsVerification = skipsVerification;
  }

  override createConnection(
    options: RequestOptions,
    callback?: (error: Error | null, socket: Duplex) => void,
  ): Duplex | null | undefined {
    if (!this.#skipsVerification) return super.createConnection(options, callback);
    // A resumed session does not say how its certificate was verified.
    const lenient = { ...options, rejectUnauthorized: false, session: undefined } as ConnectionOptions;
    const socket = connect(lenient);
    socket.once("error", (error) => callback?.(error, socket));
    socket.once("secureConnect", () => {
      const fault = faultOf(socket, options.servername || (options.host as string));
      if (fault) socket.destroy(fault);
      else callback?.(null, socket);
    });
    return undefined;
  }
}

/**
 * The guide's api-gateway-extensions-integration-tls-config: with `insecureSkipVerification`, "API Gateway still
 * performs basic certificate validation, which includes checking the certificate's expiration date, hostname".
 */
function faultOf(socket: TLSSocket, host: string): Error | undefined {
  const leaf = socket.getPeerX509Certificate();
  if (!leaf) return new Error("The endpoint has no certificate");
  const now = Date.now();
  for (
    let certificate: X509Certificate | undefined = leaf;
    certificate;
    certificate = certificate.issuerCertificate
  ) {
    if (now < certificate.validFromDate.getTime() || now > certificate.validToDate.getTime()) {
      return new CertificateOutOfDate();
    }
  }
  const wrongHost = checkServerIdentity(host, leaf.toLegacyObject());
  if (wrongHost) return wrongHost;
  // The type says Error; it is the error's code.
  const code = socket.authorizationError as unknown as string | null;
  return code && !unknownIssuer.has(code) ? Object.assign(new Error(code), { code }) : undefined;
}
