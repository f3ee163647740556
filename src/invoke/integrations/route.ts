/** How an integration's endpoint is reached: over the internet or through a VPC link, with the TLS that is asked for. */
import type { Integration } from "../../definitions/rest-api.ts";
import type { RestContext } from "../rest/context.ts";
import { overTls } from "./backend-tls.ts";
import { compileVpcLink } from "./vpc-link.ts";

export interface Route {
  /** What `fetch` is given. */
  url: string;
  /** Who is asked, where that is not whoever the URL names: it gets the URL's own host. */
  service?: Pick<Fetcher, "fetch">;
  /** The name of that service, where it is a target of VPC links. */
  vpcService?: string;
}

/** @throws GatewayError 500 for an endpoint that cannot be reached as it should be */
export type RouteTo = (uri: string, context: RestContext) => Route;

export function compileRoute(integration: Integration): RouteTo {
  const throughLink = compileVpcLink(integration);
  const skipsVerification = integration.tlsConfig?.insecureSkipVerification === true;
  return (uri, context) => {
    const route: Route = throughLink ? throughLink(uri, context) : { url: uri };
    const { clientCertificateId } = context.stage.stage;
    return clientCertificateId === undefined && !skipsVerification
      ? route
      : overTls(route, { clientCertificateId, skipsVerification }, context);
  };
}
