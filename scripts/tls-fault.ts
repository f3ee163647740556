/**
 * Why an endpoint could not be reached, in the words of API Gateway's execution logs, which are Java's. Source: AWS re:Post,
 * "How do I troubleshoot API Gateway errors when I use SSL certificates with backend integration?" and
 * "How do I troubleshoot 500 errors from VPC link integrations?".
 */
import type { PeerCertificate } from "node:tls";
import type { EgressFault } from "../src/outbound/tls-egress.ts";

export class CertificateOutOfDate extends Error {
  readonly code = "CERT_HAS_EXPIRED";
}

interface NodeError extends Partial<Error> {
  code?: string;
  /** Of a certificate for somebody else. */
  host?: string;
  cert?: PeerCertificate;
}

/** @param error of Node's DNS, sockets, TLS or HTTP */
export function egressFaultOf(error: unknown): { fault: EgressFault; reason: string } {
  const { code = "", message = "", host, cert } = error as NodeError;
  if (code === "ENOTFOUND" || code.startsWith("EAI_")) return { fault: "name", reason: message };
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID") {
    return tls(
      "PKIX path validation failed: java.security.cert.CertPathValidatorException: validity check failed",
    );
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return tls(
      `Host name '${host}' does not match the certificate subject provided by the peer (${subjectOf(cert)})`,
    );
  }
  if (/SELF_SIGNED|ISSUER_CERT|UNABLE_TO_VERIFY/.test(code)) {
    return tls(
      "PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target",
    );
  }
  if (/^(?:ERR_SSL_|ERR_TLS_|CERT_|EPROTO$)/.test(code)) {
    // OpenSSL's: `…:ssl3_read_bytes:tlsv13 alert certificate required:…`
    const alert = / alert ([a-z ]+):/.exec(message)?.[1];
    return tls(alert ? `Received fatal alert: ${alert.replaceAll(" ", "_")}` : "General SSLEngine problem");
  }
  return { fault: "network", reason: message };
}

const tls = (reason: string) => ({ fault: "tls" as const, reason });

/** What is most specific first. */
const subjectOf = (certificate: PeerCertificate | undefined): string =>
  Object.entries(certificate?.subject ?? {})
    .reverse()
    .map(([name, value]) => `${name}=${value}`)
    .join(", ");
