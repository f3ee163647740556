/**
 * `npm run simulate`: limits in virtual time, with the ledgers and leases that run in the gateway. Prints the tables of
 * docs/limits.md as Markdown, and how far it is on stderr.
 */
import { type Outcome, overload, type Scenario } from "./overload.ts";
import { quotaAsks } from "./quota-asks.ts";

/** Dollars of Cloudflare's published prices, 2026-11-27: a million requests to Durable Objects, and rows written. */
const price = { requests: 0.15, rows: 1 };

const began = Date.now();
const say = (text: string) => {
  console.error(`${String(Math.round((Date.now() - began) / 1000)).padStart(4)} s  ${text}`);
};

function run(scenario: Scenario): Outcome {
  const { rate, burst, isolates, each, seconds } = scenario;
  const what = `${rate}/s, burst ${burst}, ${isolates} isolates with ${each}/s each`;
  let last = Date.now();
  const outcome = overload(scenario, (passed) => {
    if (passed > 0 && Date.now() < last + 5000) return;
    last = Date.now();
    say(`${what}: ${passed} of ${seconds} s`);
  });
  if (outcome.excess > 1e-2) throw new Error(`${what}: ${outcome.excess} over the limit`);
  return outcome;
}

const whole = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: 0 });
const digits = (value: number) => value.toLocaleString("en-US", { maximumSignificantDigits: 2 });
const percent = (part: number) => `${(part * 100).toFixed(1)} %`;
/** How near the worst span of time came to the limit. */
const spare = ({ excess }: Outcome) => `${excess <= 0 ? "" : "−"}${Math.abs(excess).toFixed(2)}`;

function print(title: string, columns: string[], rows: string[][]): void {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  console.log(
    [`### ${title}`, "", line(columns), line(columns.map(() => "---")), ...rows.map(line), ""].join("\n"),
  );
}

const scenarioColumns = ["limit, burst", "isolates", "requests/s each"];
const scenarioCells = ({ rate, burst, isolates, each }: Scenario) => [
  `${whole(rate)}/s, ${whole(burst)}`.replace(/^0\//, `${rate}/`),
  whole(isolates),
  digits(each),
];

function printRuns(title: string, scenarios: Scenario[]): void {
  const rows = scenarios.map((scenario) => {
    const outcome = run(scenario);
    const { rate, seconds } = scenario;
    return [
      ...scenarioCells(scenario),
      whole(scenario.roundTrip),
      percent(outcome.admitted / (rate * seconds)),
      percent(outcome.ofIdeal),
      spare(outcome),
      digits(outcome.asks / seconds),
      digits((outcome.asks / outcome.requests) * 1e6),
    ];
  });
  const columns = [
    "round trip, ms",
    "of the rate",
    "of one bucket",
    "tokens to spare",
    "asks/s",
    "asks a million",
  ];
  print(title, [...scenarioColumns, ...columns], rows);
}

printRuns("An hour", [{ rate: 1000, burst: 1000, isolates: 1000, each: 10, roundTrip: 100, seconds: 3600 }]);

const steady = { roundTrip: 100, seconds: 200 };
printRuns("How much of a limit is used", [
  { ...steady, rate: 10_000, burst: 5000, isolates: 100, each: 200 },
  { ...steady, rate: 10_000, burst: 5000, isolates: 1000, each: 20 },
  { ...steady, rate: 1000, burst: 500, isolates: 1, each: 2000 },
  { ...steady, rate: 1000, burst: 500, isolates: 30, each: 100 },
  { ...steady, rate: 100, burst: 100, isolates: 30, each: 40 },
  { ...steady, rate: 100, burst: 10, isolates: 30, each: 40 },
  { ...steady, rate: 100, burst: 100, isolates: 1000, each: 1 },
  { ...steady, rate: 100, burst: 100, isolates: 1000, each: 0.2 },
  { ...steady, rate: 10, burst: 10, isolates: 10, each: 4 },
  { ...steady, rate: 10, burst: 10, isolates: 1000, each: 0.02 },
  { ...steady, rate: 10, burst: 2, isolates: 10, each: 4 },
  { ...steady, rate: 10, burst: 2, isolates: 10, each: 1.2 },
  { ...steady, rate: 10, burst: 1, isolates: 1, each: 40 },
  { ...steady, rate: 10, burst: 1, isolates: 10, each: 4 },
  { ...steady, rate: 10, burst: 1, isolates: 10, each: 4, roundTrip: 10 },
  { ...steady, rate: 10, burst: 1, isolates: 10, each: 4, roundTrip: 300 },
  { ...steady, rate: 1, burst: 1, isolates: 10, each: 4 },
  { ...steady, rate: 1, burst: 1, isolates: 10, each: 0.2 },
]);

printRuns("How much of a demand below the limit passes", [
  { ...steady, rate: 10_000, burst: 5000, isolates: 300, each: 0.05 },
  { ...steady, rate: 10_000, burst: 5000, isolates: 1000, each: 1 },
  { ...steady, rate: 10_000, burst: 5000, isolates: 1000, each: 6 },
  { ...steady, rate: 10_000, burst: 5000, isolates: 1000, each: 8 },
  { ...steady, rate: 1000, burst: 1000, isolates: 10, each: 50 },
  { ...steady, rate: 1000, burst: 1000, isolates: 300, each: 1 },
  { ...steady, rate: 1000, burst: 1000, isolates: 300, each: 2 },
  { ...steady, rate: 1000, burst: 1000, isolates: 300, each: 3 },
  { ...steady, rate: 1000, burst: 1000, isolates: 1000, each: 0.6 },
  { ...steady, rate: 100, burst: 100, isolates: 30, each: 2 },
  { ...steady, rate: 100, burst: 10, isolates: 30, each: 2 },
  { ...steady, rate: 10, burst: 2, isolates: 10, each: 0.5 },
]);

printRuns("A key that is used from 300 locations", [
  { rate: 1000, burst: 1000, isolates: 300, each: 10, roundTrip: 200, seconds: 300 },
  { rate: 1000, burst: 1000, isolates: 300, each: 10, roundTrip: 200, seconds: 300, lost: 0.01, restarts: 3 },
  { rate: 1000, burst: 1000, isolates: 300, each: 2, roundTrip: 200, seconds: 300 },
  { rate: 1000, burst: 1000, isolates: 300, each: 0.05, roundTrip: 200, seconds: 300 },
]);

const costs = [
  { rate: 1000, burst: 1000, isolates: 1, each: 2000 },
  { rate: 4000, burst: 4000, isolates: 1, each: 2000 },
  { rate: 1000, burst: 1000, isolates: 10, each: 50 },
  { rate: 10_000, burst: 5000, isolates: 100, each: 50 },
  { rate: 10_000, burst: 5000, isolates: 1000, each: 5 },
  { rate: 10_000, burst: 5000, isolates: 1000, each: 20 },
  { rate: 10_000, burst: 5000, isolates: 300, each: 0.05 },
  { rate: 100_000, burst: 50_000, isolates: 200, each: 450 },
  { rate: 100_000, burst: 50_000, isolates: 1000, each: 120 },
].map((scenario) => ({ ...scenario, roundTrip: 50, seconds: scenario.rate === 100_000 ? 60 : 120 }));
print(
  "What it costs",
  [
    ...scenarioColumns,
    "of the rate",
    "throttle: asks/s",
    "a million",
    "dollars a million",
    "quota: asks/s",
    "a million",
    "dollars a million",
  ],
  costs.map((scenario) => {
    const { asks, marks, requests, used } = run(scenario);
    const { isolates, each, seconds } = scenario;
    const ofQuota = quotaAsks(each, 600) * isolates;
    const ofQuotaAMillion = (ofQuota / (isolates * each)) * 1e6;
    return [
      ...scenarioCells(scenario),
      percent(used),
      digits(asks / seconds),
      digits((asks / requests) * 1e6),
      digits((asks * price.requests + marks * price.rows) / requests),
      digits(ofQuota),
      digits(ofQuotaAMillion),
      digits((ofQuotaAMillion / 1e6) * (price.requests + price.rows)),
    ];
  }),
);
say("done");
