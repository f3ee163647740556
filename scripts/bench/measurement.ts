/** What a case comes to in one round. */

/** How many lanes work side by side: each begins the next operation when its last one has ended. */
export const lanes = 32;

export interface Measurement {
  operations: number;
  /** Operations a second. */
  throughput: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** Microseconds that the gateway's processes have computed for an operation. */
  computed: number;
}

/** How long a measurement takes at least, and what tells how many microseconds the gateway's processes have computed. */
export interface Run {
  seconds: number;
  computed(): number;
}

/** A row of the table. */
export interface Case {
  name: string;
  /** The name of the row that it is measured against. */
  baseline?: string;
  /** The share of the baseline's throughput that it is to have. */
  reach?: number;
  measure(run: Run): Promise<Measurement>;
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

export const percentile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
