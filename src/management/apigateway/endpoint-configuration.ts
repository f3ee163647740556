/** The endpoint type of a REST API and its address type. Recorded: test_create_rest_api_with_endpoint_configuration. */
import type { EndpointConfiguration, EndpointType, RestApi } from "../../definitions/rest-api.ts";
import { badRequest } from "../protocol/service-error.ts";
import { oneOf } from "./options.ts";
import type { PatchPath } from "./patch.ts";

/** @throws ServiceError BadRequestException for what is no type */
export const endpointType: (value: string | undefined) => EndpointType = oneOf("EndpointTypes", [
  "REGIONAL",
  "EDGE",
  "PRIVATE",
]);

const onlyPrivate = () => badRequest("VPCEndpoints can only be specified with PRIVATE apis.");
const onlyDualstack = () => badRequest("Only dualstack ipAddressType is supported for Private APIs.");

/** @throws ServiceError BadRequestException */
export function endpointConfigurationOf(
  given: Partial<EndpointConfiguration> | undefined,
): EndpointConfiguration {
  const asked = given?.types ?? ["EDGE"];
  if (asked.length === 0) {
    throw badRequest("REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.");
  }
  if (asked.length > 1) throw badRequest("Cannot create an api with multiple Endpoint Types.");
  const isPrivate = asked[0] === "PRIVATE";
  if (isPrivate && given?.ipAddressType === "ipv4") throw onlyDualstack();
  const vpcEndpointIds = given?.vpcEndpointIds?.length ? [...new Set(given.vpcEndpointIds)] : undefined;
  if (vpcEndpointIds && !isPrivate) throw onlyPrivate();
  return {
    types: asked,
    ipAddressType: given?.ipAddressType ?? (isPrivate ? "dualstack" : "ipv4"),
    ...(vpcEndpointIds ? { vpcEndpointIds } : {}),
  };
}

function replaceType(draft: RestApi, value: string | undefined): void {
  const type = endpointType(value);
  const { vpcEndpointIds, ...rest } = draft.endpointConfiguration;
  draft.endpointConfiguration = {
    ...rest,
    // Only private APIs have them.
    ...(type === "PRIVATE" && vpcEndpointIds ? { vpcEndpointIds } : {}),
    types: [type],
    // Recorded: test_update_rest_api_ip_address_type.
    ...(type === "PRIVATE" ? { ipAddressType: "dualstack" } : {}),
  };
}

const refuseTypeOperation = () => {
  throw badRequest("Invalid patch operation specified. Must be 'add'|'remove'|'replace'");
};

export const endpointConfigurationPaths: Record<string, PatchPath<RestApi>> = {
  "/endpointConfiguration/types/{index}": {
    replace: (draft, { value }) => replaceType(draft, value),
    // Recorded, though the text says that they are allowed.
    add: refuseTypeOperation,
    remove: refuseTypeOperation,
  },
  "/endpointConfiguration/ipAddressType": {
    replace(draft, { value }) {
      if (value !== "ipv4" && value !== "dualstack") {
        throw badRequest("ipAddressType must be either ipv4 or dualstack.");
      }
      if (value === "ipv4" && draft.endpointConfiguration.types[0] === "PRIVATE") throw onlyDualstack();
      draft.endpointConfiguration.ipAddressType = value;
    },
  },
  "/endpointConfiguration/vpcEndpointIds": {
    add(draft, { value }) {
      if (draft.endpointConfiguration.types[0] !== "PRIVATE") throw onlyPrivate();
      const ids = draft.endpointConfiguration.vpcEndpointIds ?? [];
      if (value && !ids.includes(value)) draft.endpointConfiguration.vpcEndpointIds = [...ids, value];
    },
    remove(draft, { value }) {
      const ids = (draft.endpointConfiguration.vpcEndpointIds ?? []).filter((id) => id !== value);
      if (ids.length > 0) draft.endpointConfiguration.vpcEndpointIds = ids;
      else delete draft.endpointConfiguration.vpcEndpointIds;
    },
  },
};
