/** Usage plans and API keys for a test, made with the SDK. */
import {
  type APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  type CreateUsagePlanCommandInput,
  CreateUsagePlanKeyCommand,
} from "@aws-sdk/client-api-gateway";

export type PlanSettings = Omit<CreateUsagePlanCommandInput, "name">;

/** @returns the plan's id */
export async function createUsagePlan(
  client: APIGatewayClient,
  settings: PlanSettings = {},
): Promise<string> {
  const { id } = await client.send(new CreateUsagePlanCommand({ name: "plan", ...settings }));
  return id as string;
}

export async function createApiKey(client: APIGatewayClient): Promise<{ id: string; value: string }> {
  const { id, value } = await client.send(new CreateApiKeyCommand({ name: "key", enabled: true }));
  return { id: id as string, value: value as string };
}

export const addKey = (client: APIGatewayClient, usagePlanId: string, keyId: string) =>
  client.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: "API_KEY" }));

/** A key in a plan of its own, for the stage `test` of an API. */
export async function createMeteredKey(client: APIGatewayClient, apiId: string, settings: PlanSettings = {}) {
  const usagePlanId = await createUsagePlan(client, { apiStages: [{ apiId, stage: "test" }], ...settings });
  const key = await createApiKey(client);
  await addKey(client, usagePlanId, key.id);
  return { usagePlanId, ...key };
}
