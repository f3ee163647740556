/** Statuses whose responses have no body, and that `new Response` refuses one with (RFC 9110, the Fetch standard). */
const statuses: ReadonlySet<number> = new Set([204, 205, 304]);
/** Methods whose requests are sent without a body. */
const methods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

export const isBodyless = (status: number): boolean => statuses.has(status);

/** @param method in capitals */
export const isBodylessMethod = (method: string): boolean => methods.has(method);
