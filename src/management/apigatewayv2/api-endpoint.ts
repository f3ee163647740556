/** Where a WebSocket API answers, as contract.md gives addresses out. */
import type { OperationContext } from "../operation.ts";

export function apiEndpoint(apiId: string, { origin, settings }: OperationContext): string {
  const webSocketOrigin = origin.replace(/^http/, "ws");
  const { executeDomain } = settings;
  if (!executeDomain) return `${webSocketOrigin}/execute-api/${apiId}`;
  return `${webSocketOrigin.slice(0, webSocketOrigin.indexOf("://"))}://${apiId}.execute-api.${executeDomain}`;
}
