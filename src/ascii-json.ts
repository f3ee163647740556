/** @param json JSON text @returns the same JSON without a character beyond ASCII: it may be a header */
export const asciiJson = (json: string): string =>
  /[^ -~]/.test(json)
    ? json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    : json;
