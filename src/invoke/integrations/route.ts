/** How an integration's endpoint is reached: over the internet or through a VPC link, with the TLS that is asked for. */
import type { Integration } from "../../definitions/rest-api.ts";
import { overTls } from "./backend-tls.ts";
import type { IntegrationContext } from "./integration-context.ts";
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
export type RouteTo = (uri: string, context: IntegrationContext) => Route;

/** What an integration says of the way to its endpoint. */
export type RoutedIntegration = Pick<
  Integration,
  "connectionType" | "connectionId" | "integrationTarget" | "tlsConfig"
>;

export function compileRoute(integration: RoutedIntegration): RouteTo {
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
