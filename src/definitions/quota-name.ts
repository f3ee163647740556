/** The name of the object that counts what a key uses of a plan. */
export const quotaName = (planId: string, keyId: string): string => `${planId}/${keyId}`;
