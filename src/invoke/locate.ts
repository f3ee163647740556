/** Which API, stage and path does a request ask for? */

/**
 * The request's host, port included, as the client wrote it: workerd's `request.url` is not normalised, and the URL
 * parser refuses what a hostile `Host` header makes of it (`http://a b/`).
 */
export function hostOf(request: Request): string {
  const start = request.url.indexOf("//") + 2;
  const length = request.url.slice(start).search(/[/?#]/);
  return length === -1 ? request.url.slice(start) : request.url.slice(start, start + length);
}

/** Whether the request's host is an API's own: `{apiId}.execute-api.{anything}`. */
export function isInvokeHost(request: Request): boolean {
  return request.url.includes(".execute-api.") && hostOf(request).includes(".execute-api.");
}
