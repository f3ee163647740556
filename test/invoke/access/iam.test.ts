/** What only shows without a gateway: there is one principal today, who may do everything. */
import { expect, test } from "vitest";
import { authorize } from "../../../src/invoke/access/iam.ts";
import { type Env, settingsOf } from "../../../src/settings.ts";

const settings = settingsOf({ AWS_ACCOUNT_ID: "123456789012" } as Env);
const access = {
  action: "execute-api:Invoke",
  resource: "arn:aws:execute-api:us-east-1:123456789012:api1/dev/GET/",
  keys: () => undefined,
};
const root = {
  accountId: "123456789012",
  accessKeyId: "AKIA",
  arn: "arn:aws:iam::123456789012:root",
  userId: "123456789012",
};

test("the root user may do everything", () => {
  expect(() => authorize(root, access, settings)).not.toThrow();
});

test("whom no policy allows anything is told what is missing, and not the whole account", () => {
  const user = { ...root, arn: "arn:aws:iam::123456789012:user/ann" };
  expect(() => authorize(user, access, settings)).toThrow(
    "User: arn:aws:iam::123456789012:user/ann is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********9012:api1/dev/GET/ because no identity-based policy allows the execute-api:Invoke action",
  );
});
