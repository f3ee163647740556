/** What an integration may say of the connection to its endpoint. */
import type { Integration } from "../../definitions/rest-api.ts";
import { badRequest } from "../protocol/service-error.ts";

/**
 * An id that no link has is taken: imported documents name the links of other accounts, and a link may come later.
 * The texts are AWS's as its users report them; that for other types is a guess.
 * @param v2VpcLinks those that there are
 * @throws ServiceError BadRequestException
 */
export function checkConnection(
  { type, connectionType, connectionId, integrationTarget }: Integration,
  v2VpcLinks: { has(id: string): boolean },
): void {
  if (connectionType !== "VPC_LINK") return;
  if (!connectionId)
    throw badRequest(
      "ConnectionId should be set to the vpcLinkId or stage variable on connection type VPC_LINK",
    );
  if (type !== "HTTP" && type !== "HTTP_PROXY") {
    throw badRequest(
      "Connection type VPC_LINK is only supported for integrations of type HTTP and HTTP_PROXY",
    );
  }
  if (!integrationTarget && v2VpcLinks.has(connectionId)) {
    throw badRequest(`IntegrationTarget is required for VpcLinkV2 ${connectionId}`);
  }
}
