/** Whether the text is JSON (RFC 8259), of whatever type. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
