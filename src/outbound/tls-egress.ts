/**
 * What the Worker and the TLS egress of `npm start` (scripts/tls-egress.ts) say to each other. workerd speaks TLS in the
 * ways that its configuration names when it starts, and always verifies; client certificates are made later, and an
 * integration may accept issuers that nobody knows. Such requests go as HTTP over a local socket to the egress, which
 * speaks TLS as each of them says.
 */
import type { KeyPair } from "../definitions/rest-api.ts";

export const egressHeaders = {
  /** Of a request: an `EgressConnection`, as Base64 of its JSON. */
  connection: "x-sallyport-connection",
  /** Of an answer that is not the endpoint's: an `EgressFault`. The body is the reason. */
  fault: "x-sallyport-fault",
} as const;

/** How the endpoint is to be connected with. */
export interface EgressConnection {
  /** Where it is, if that is not the request's own host: the name of a target of VPC links. */
  vpcService?: string;
  clientCertificate?: KeyPair;
  /** Whether certificates count whose issuer is not known. */
  skipsVerification?: boolean;
}

/** TLS was not agreed upon, the name leads nowhere, or the connection failed. */
export type EgressFault = "tls" | "name" | "network";
