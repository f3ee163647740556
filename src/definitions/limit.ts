/** How many requests are let through: the measures of a token bucket. */
export interface Limit {
  /** Tokens a second. */
  rate: number;
  /** Tokens that the bucket holds at most. */
  burst: number;
}
