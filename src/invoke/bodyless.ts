/** Statuses whose responses have no body, and that `new Response` refuses one with (RFC 9110, the Fetch standard). */
const statuses: ReadonlySet<number> = new Set([204, 205, 304]);

export const isBodyless = (status: number): boolean => statuses.has(status);
