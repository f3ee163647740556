/** Which API, stage and path does a request ask for? */

/** Whether the request's host is an API's own: `{apiId}.execute-api.{anything}`. */
export function isInvokeHost(request: Request): boolean {
  return request.url.includes(".execute-api.") && new URL(request.url).hostname.includes(".execute-api.");
}
