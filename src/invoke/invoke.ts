/** The data plane's entrance: finds the stage's compiled deployment and sends the request its way. */
import type { Env } from "../settings.ts";

export async function invoke(_request: Request, _env: Env, _context: object): Promise<Response> {
  return Response.json({ message: "Forbidden" }, { status: 403 });
}
