/** The two ids that every answer carries. */

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** `x-amzn-RequestId`: the client's own when it is a UUID (rest-behaviour, "Documented rules that surprise"). */
export function requestIdOf(headers: Headers): string {
  const own = headers.get("x-amzn-requestid");
  return own !== null && uuid.test(own) ? own : crypto.randomUUID();
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** `x-amz-apigw-id`, such as `ZvQhOH7dIAMFtIA=`: 15 characters and a padding sign. No secret: it names a request. */
export function extendedRequestId(): string {
  let id = "";
  for (let index = 0; index < 15; index++) id += alphabet[(Math.random() * 64) | 0];
  return `${id}=`;
}
