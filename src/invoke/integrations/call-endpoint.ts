/** Calls an HTTP endpoint, within the integration's timeout. */
import { GatewayError } from "../rest/gateway-error.ts";

/**
 * The timeout counts until the whole answer is there, as on AWS: when it passes while the body is still under way,
 * the body ends with an error and so does the client's connection.
 * @param timeout milliseconds
 * @throws GatewayError 504 for an endpoint that cannot be reached, talks no HTTP or is too slow, 500 for a name that
 *   cannot be resolved
 */
export async function callEndpoint(url: string, init: RequestInit, timeout: number): Promise<Response> {
  const controller = new AbortController();
  let timedOut = false;
  // Never cleared: it guards the body as well, and goes with the request.
  setTimeout(() => {
    timedOut = true;
    controller.abort();
  }, timeout);
  try {
    return await fetch(url, { ...init, redirect: "manual", signal: controller.signal });
  } catch (error) {
    if (timedOut) throw new GatewayError("INTEGRATION_TIMEOUT", "Endpoint request timed out");
    // The client's body was too large.
    if (error instanceof GatewayError) throw error;
    if (String(error).includes("DNS"))
      throw new GatewayError("API_CONFIGURATION_ERROR", "Internal server error");
    throw new GatewayError("INTEGRATION_FAILURE", "Network error communicating with endpoint", 504);
  }
}
