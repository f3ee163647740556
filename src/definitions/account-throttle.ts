/** What all APIs of the account may take together: AWS's defaults (the guide's limits). */
export const accountThrottle = {
  /** Requests. */
  burstLimit: 5000,
  /** Requests a second. */
  rateLimit: 10_000,
} as const;

/** New connections a second over all WebSocket APIs of the account, and at once: the guide gives one number (limits). */
export const accountConnects = 500;
