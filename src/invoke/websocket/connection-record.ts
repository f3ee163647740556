/** What a connection's later events need to know of how it began. */
import type { ConnectAccess } from "./connect-access.ts";

export interface ConnectionRecord extends ConnectAccess {
  connectionId: string;
  apiId: string;
  stageName: string;
  /** Host of the request, without its port. */
  domainName: string;
  /** Unix time, milliseconds. */
  connectedAt: number;
  /** Null when the runtime does not say. */
  sourceIp: string | null;
  userAgent: string | null;
}

/** How a connection ended: the code and the reason of its closing, as its `$disconnect` is told. */
export interface Closing {
  code: number;
  reason: string;
}
