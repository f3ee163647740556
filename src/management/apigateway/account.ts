/** Account: the settings of API Gateway that belong to no API. */
import type { Settings } from "../../settings.ts";
import type { Handlers, OperationContext } from "../operation.ts";
import { badRequest } from "../protocol/service-error.ts";
import {
  applyPatch,
  type PatchOperation,
  type PatchTable,
  refusePathOrOperation,
  setMember,
} from "./patch.ts";

interface AccountSettings {
  cloudwatchRoleArn?: string;
}

const settings = ({ store }: OperationContext) => store.collection<AccountSettings>("account");
const key = "settings";
/** On for every account since 2016 (the guide's api-gateway-create-usage-plans-with-console). */
const usagePlansFeature = "UsagePlans";

export const accountHandlers: Handlers = {
  GetAccount: (_input, context) => shown(settings(context).get(key) ?? {}, context.settings),

  UpdateAccount({ patchOperations }: { patchOperations?: PatchOperation[] }, context) {
    const changed = applyPatch(patchTable, settings(context).get(key) ?? {}, patchOperations);
    settings(context).put(key, changed);
    return shown(changed, context.settings);
  },
};

/** Without a limit of the account there are no throttle settings, which AWS always has. */
const shown = ({ cloudwatchRoleArn }: AccountSettings, { accountThrottle }: Settings) => ({
  cloudwatchRoleArn,
  throttleSettings: accountThrottle && {
    burstLimit: accountThrottle.burst,
    rateLimit: accountThrottle.rate,
  },
  features: [usagePlansFeature],
  apiKeyVersion: "4",
});

const patchTable: PatchTable<AccountSettings> = {
  refuse: refusePathOrOperation,
  paths: {
    "/cloudwatchRoleArn": {
      replace: setMember("cloudwatchRoleArn", (value) => {
        if (!value) return undefined;
        if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(value)) {
          throw badRequest(
            "The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.",
          );
        }
        return value;
      }),
    },
    "/features": {
      add(_draft, { value }) {
        if (value !== usagePlansFeature) throw badRequest(`Invalid feature specified: ${value ?? null}`);
      },
      remove(_draft, { value }) {
        if (value === usagePlansFeature) throw badRequest("Usage Plans cannot be disabled once enabled");
      },
    },
  },
};
