/** The control plane's entrance: signature, service, operation, Account object, answer. */
import type { Env } from "../settings.ts";

export async function management(_request: Request, _env: Env): Promise<Response> {
  return Response.json({ message: "Missing Authentication Token" }, { status: 403 });
}
