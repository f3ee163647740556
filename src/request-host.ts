/** Where a request's URL says it was sent. */

/**
 * The request's host, port included, as the client wrote it: workerd's `request.url` is not normalised, and a hostile
 * `Host` header may make it something that the URL parser refuses (`http://a b/`).
 */
export function hostOf({ url }: Request): string {
  const start = url.indexOf("//") + 2;
  return url.slice(start, pathStart(url, start));
}

/** Index of the first character behind the host: a slash, a question mark, a number sign, or the end. */
export function pathStart(url: string, start: number): number {
  for (let index = start; index < url.length; index++) {
    const code = url.charCodeAt(index);
    if (code === 47 || code === 63 || code === 35) return index;
  }
  return url.length;
}
