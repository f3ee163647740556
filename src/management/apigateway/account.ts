/** Account: the settings of API Gateway that belong to no API. */
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

export const accountHandlers: Handlers = {
  GetAccount: (_input, context) => shown(settings(context).get(key) ?? {}),

  UpdateAccount({ patchOperations }: { patchOperations?: PatchOperation[] }, context) {
    const changed = applyPatch(patchTable, settings(context).get(key) ?? {}, patchOperations);
    settings(context).put(key, changed);
    return shown(changed);
  },
};

/** The quotas are AWS's defaults (the guide's limits); nothing here counts against them yet. */
const shown = ({ cloudwatchRoleArn }: AccountSettings) => ({
  cloudwatchRoleArn,
  throttleSettings: { burstLimit: 5000, rateLimit: 10_000 },
  features: ["UsagePlans"],
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
  },
};
