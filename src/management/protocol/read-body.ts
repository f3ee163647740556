/** A management request's body, read within bounds. */
import { readBounded } from "../../bounded-body.ts";
import { ServiceError } from "./service-error.ts";

/**
 * @param limit bytes
 * @throws ServiceError RequestEntityTooLargeException
 */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  const declared = Number(request.headers.get("content-length") ?? 0);
  const body = declared > limit ? undefined : await readBounded(request.body, limit);
  if (body) return body;
  throw new ServiceError(
    "RequestEntityTooLargeException",
    413,
    `Request entity too large: at most ${limit} bytes are allowed`,
  );
}
