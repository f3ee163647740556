/** Who may open a connection: what the checks at $connect come to, and what later events on the connection show of it. */
import type { ApiKeyAccess } from "../access/api-key.ts";

export interface ConnectAccess {
  /** `$context.authorizer`: what a Lambda authorizer has said, `principalId` among it. */
  authorizer?: Readonly<Record<string, string>>;
  /** `$context.identity` beyond the address and the user agent: of an IAM caller, and of an API key. */
  identity: Readonly<Record<string, string | null>>;
  apiKey?: ApiKeyAccess;
}
