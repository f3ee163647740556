/**
 * Private integrations: a VPC link says where a request is sent, and the integration's URI what is asked for, of which
 * host. Sources: the guide's set-up-api-with-vpclink-cli and getting-started-with-private-integration.
 */
import type { VpcLinkRecord } from "../../definitions/published.ts";
import { configurationError } from "../rest/gateway-error.ts";
import { compileUriText, type PathValues } from "./endpoint-uri.ts";
import type { RoutedIntegration, RouteTo } from "./route.ts";

const noPath: PathValues = new Map();

/** @returns undefined for an integration that goes over the internet; else it throws 500 for a link that leads nowhere */
export function compileVpcLink({
  connectionType,
  connectionId = "",
  integrationTarget,
}: RoutedIntegration): RouteTo | undefined {
  if (connectionType !== "VPC_LINK") return undefined;
  const idText = compileUriText(connectionId);
  return (uri, context) => {
    const id = idText.fill(noPath, context);
    const link = context.stage.vpcLinks.get(id);
    if (!link) throw configurationError(`There is no VPC link '${id}' that could be used`);
    const target = context.settings.vpcTargetOf(targetArnOf(link, integrationTarget), link.name);
    if (!target) throw configurationError(`The target of VPC link '${id}' is not set in VPC_LINK_TARGETS`);
    if ("service" in target) return { url: uri, service: target.service, vpcService: target.binding };
    const { pathname, search } = new URL(uri);
    return { url: `${target.origin}${pathname}${search}` };
  };
}

/** A V2 link has many targets: the integration says which is its own. */
const targetArnOf = ({ version, targetArn }: VpcLinkRecord, integrationTarget: string | undefined) =>
  version === "V2" ? integrationTarget : targetArn;
