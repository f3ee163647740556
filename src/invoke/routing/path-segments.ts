/** A request's path, taken apart for routing. */

/**
 * Slashes that follow one another at the beginning count as one (recorded, test_lambda_aws_proxy_integration), and
 * one at the end does not count.
 * @param path below the stage, as the client wrote it
 * @returns undefined for a path that no backend must see: one with `.` or `..`, however encoded, since the backend's
 *   own URL would be resolved against it, or with what is no percent-encoding
 */
export function pathSegments(path: string): string[] | undefined {
  if (path.includes("%") && !isDecodable(path)) return undefined;
  let start = 0;
  while (path.charCodeAt(start) === 47) start++;
  let end = path.length;
  if (end > start && path.charCodeAt(end - 1) === 47) end--;
  if (start >= end) return [];
  const segments = path.slice(start, end).split("/");
  if (path.includes("/.") || path.includes("%2")) {
    for (const segment of segments) if (dots.test(segment)) return undefined;
  }
  return segments;
}

const dots = /^(?:\.|%2e){1,2}$/i;

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
