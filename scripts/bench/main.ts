/**
 * `npm run bench`: throughput and latency of the gateway's methods, each against its bare worker in the same workerd.
 * Rounds are interleaved, so that what the machine does otherwise falls on all; medians are kept.
 * Settings: BENCH_ROUNDS (7), BENCH_SECONDS (3) of each measurement, BENCH_ONLY (a part of the names of those wanted).
 */

import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { gzipSync } from "node:zlib";
import autocannon from "autocannon";
import { compileTemplate } from "../../src/invoke/mapping/template.ts";
import { bundlePath } from "../build.ts";
import { type Apis, deployApis } from "./apis.ts";
import { order, template } from "./orders.ts";
import { type Servers, startServers } from "./servers.ts";

const rounds = Number(process.env.BENCH_ROUNDS ?? 7);
const seconds = Number(process.env.BENCH_SECONDS ?? 3);
const connections = 32;

interface Measurement {
  /** Requests a second. */
  throughput: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

interface Case {
  name: string;
  url: string;
  headers?: Record<string, string>;
  /** JSON that is posted; GET without any. */
  body?: string;
  baseline?: string;
  reach?: number;
}

const casesOf = ({ bare }: Servers, apis: Apis): Case[] => [
  { name: "bare worker, static answer", url: `${bare}/static` },
  { name: "MOCK method", url: apis.mock, baseline: "bare worker, static answer", reach: 0.7 },
  { name: "MOCK method, 3,000 resources", url: apis.mockOf3000, baseline: "MOCK method", reach: 0.95 },
  { name: "bare worker, fetch", url: `${bare}/proxy` },
  { name: "HTTP_PROXY method", url: apis.httpProxy, baseline: "bare worker, fetch", reach: 0.85 },
  {
    name: "HTTP_PROXY method with key, throttle and quota",
    url: apis.httpProxyMetered,
    headers: { "x-api-key": apis.apiKey },
    baseline: "HTTP_PROXY method",
    reach: 0.9,
  },
  { name: "AWS_PROXY method (PetStore)", url: apis.awsProxy, baseline: "bare worker, fetch" },
  { name: "bare worker, calls a loaded worker", url: `${bare}/function` },
  {
    name: "AWS_PROXY method, stored function",
    url: apis.storedFunction,
    baseline: "bare worker, calls a loaded worker",
    reach: 0.75,
  },
  { name: "bare worker, fetch of 1 MB", url: `${bare}/large` },
  {
    name: "HTTP_PROXY method, 1 MB",
    url: apis.httpProxyLarge,
    baseline: "bare worker, fetch of 1 MB",
    reach: 0.9,
  },
  { name: "bare worker, reads and writes 2 KB of JSON", url: `${bare}/json`, body: order },
  {
    name: "template of 30 lines over the same JSON",
    url: apis.template,
    body: order,
    baseline: "bare worker, reads and writes 2 KB of JSON",
    reach: 0.7,
  },
  {
    name: "validation of it against a model of 20 properties",
    url: apis.validation,
    body: order,
    baseline: "bare worker, reads and writes 2 KB of JSON",
    reach: 0.7,
  },
];

async function measure({ url, headers, body }: Case, duration: number): Promise<Measurement> {
  const result = await autocannon({
    url,
    connections,
    duration,
    ...(headers ? { headers } : {}),
    ...(body === undefined ? {} : { method: "POST", body, headers: { "content-type": "application/json" } }),
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${url}: ${result.non2xx} answers other than 2xx, ${result.errors} errors`);
  }
  return { throughput: result.requests.average, p50: result.latency.p50, p99: result.latency.p99 };
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

/** Milliseconds of the first request after a restart, for the PetStore: reading, compiling, the function's isolate. */
async function firstRequests(
  servers: Servers,
  url: string,
): Promise<{ first: number[]; listening: number[] }> {
  const first: number[] = [];
  const listening: number[] = [];
  for (let round = 0; round < rounds; round++) {
    listening.push(await servers.restart());
    const started = performance.now();
    const response = await fetch(url);
    await response.arrayBuffer();
    first.push(performance.now() - started);
  }
  return { first, listening };
}

/** Bytes by which the gateway grows from one second of 1 MB bodies to ten of them. */
async function growth(servers: Servers, url: string): Promise<number> {
  const duration = { url, connections, duration: 1 };
  await autocannon(duration);
  const before = servers.memory();
  await autocannon({ ...duration, duration: 10 });
  return servers.memory() - before;
}

/** Milliseconds for an API of 300 methods with a template each: lexing, parsing, closures. */
function compileTime(): number {
  const times = Array.from({ length: rounds }, () => {
    const sources = Array.from({ length: 300 }, (_, index) => `## ${index}\n${template}`);
    const started = performance.now();
    for (const source of sources) compileTemplate(source);
    return performance.now() - started;
  });
  return median(times);
}

const servers = await startServers();
try {
  console.error("Deploying the APIs …");
  const apis = await deployApis(servers);
  const only = process.env.BENCH_ONLY ?? "";
  const cases = casesOf(servers, apis).filter(({ name, baseline }) => `${name} ${baseline}`.includes(only));
  for (const one of cases) await measure(one, 1);
  const results = new Map<string, Measurement[]>(cases.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    console.error(`Round ${round} of ${rounds} …`);
    for (const one of cases) results.get(one.name)?.push(await measure(one, seconds));
  }
  const of = (name: string, member: keyof Measurement) =>
    median((results.get(name) ?? []).map((measurement) => measurement[member]));
  /** The median of the rounds' own ratios: what slowed a round down slowed both of its sides. */
  const ratio = (name: string, baseline: string) => {
    const bases = results.get(baseline) ?? [];
    return median(
      (results.get(name) ?? []).map(({ throughput }, round) => throughput / (bases[round]?.throughput ?? 0)),
    );
  };
  const grown = await growth(servers, apis.httpProxyLarge);
  const { first, listening } = await firstRequests(servers, apis.awsProxy);
  const bundle = readFileSync(bundlePath);
  console.log(
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model}, ${process.platform}`,
  );
  console.log(`${connections} connections, ${rounds} interleaved rounds of ${seconds} s each; medians\n`);
  console.log("| | requests/s | p50 ms | p99 ms | of the baseline | reach |");
  console.log("| --- | --- | --- | --- | --- | --- |");
  for (const { name, baseline, reach } of cases) {
    const share = baseline ? ratio(name, baseline).toFixed(2) : "";
    console.log(
      `| ${name} | ${Math.round(of(name, "throughput"))} | ${of(name, "p50").toFixed(1)} | ${of(name, "p99").toFixed(1)} | ${share} | ${reach?.toFixed(2) ?? ""} |`,
    );
  }
  console.log(`\nFirst PetStore request after a restart: ${median(first).toFixed(0)} ms (reach: under 50)`);
  console.log(`Growth of memory over ten seconds of 1 MB bodies: ${(grown / 1_048_576).toFixed(0)} MB`);
  console.log(`Compiling 300 templates of 30 lines: ${compileTime().toFixed(0)} ms (reach: under 30)`);
  console.log(`From the start of workerd until it listens: ${median(listening).toFixed(0)} ms`);
  console.log(
    `Bundle: ${(gzipSync(bundle).byteLength / 1024).toFixed(0)} KiB compressed (reach: under 1024)`,
  );
} finally {
  await servers.stop();
}
