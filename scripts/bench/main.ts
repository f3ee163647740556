/**
 * `npm run bench`: throughput, latency and computing time of the gateway's methods and routes, each against a bare worker
 * in the same workerd. Rounds are interleaved, so that what the machine does otherwise falls on all; medians are kept.
 * Settings: BENCH_ROUNDS (7), BENCH_SECONDS (3) of each measurement, BENCH_ONLY (a part of the names of those wanted:
 * `WebSocket` for all of WebSocket APIs). 10,000 idle connections need 20,400 file descriptors (`ulimit -n`).
 */

import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { gzipSync } from "node:zlib";
import autocannon from "autocannon";
import { compileTemplate } from "../../src/invoke/mapping/template.ts";
import { bundlePath } from "../build.ts";
import { type Apis, deployApis } from "./apis.ts";
import { httpCases } from "./http-cases.ts";
import { idleConnections } from "./idle-connections.ts";
import { type Case, lanes, type Measurement, median } from "./measurement.ts";
import { template } from "./orders.ts";
import { type Servers, startServers } from "./servers.ts";
import { mostOpen } from "./sockets.ts";
import { deployWebSocketApi } from "./websocket-apis.ts";
import { webSocketCases } from "./websocket-cases.ts";

const rounds = Number(process.env.BENCH_ROUNDS ?? 7);
const seconds = Number(process.env.BENCH_SECONDS ?? 3);
const only = process.env.BENCH_ONLY ?? "";

/** Rows of the table, in their order. */
function report(cases: Case[], results: ReadonlyMap<string, Measurement[]>): void {
  const of = (name: string, member: keyof Measurement) =>
    median((results.get(name) ?? []).map((measurement) => measurement[member]));
  /** The median of the rounds' own ratios: what slowed a round down slowed both of its sides. */
  const ratio = (name: string, baseline: string, member: keyof Measurement) => {
    const bases = results.get(baseline) ?? [];
    return median(
      (results.get(name) ?? []).map(
        (measurement, round) => measurement[member] / (bases[round]?.[member] ?? 0),
      ),
    );
  };
  console.log("| | a second | p50 ms | p99 ms | CPU µs | of the baseline | reach | by CPU |");
  console.log("| --- | --- | --- | --- | --- | --- | --- | --- |");
  for (const { name, baseline, reach } of cases) {
    const share = baseline ? ratio(name, baseline, "throughput").toFixed(2) : "";
    const byCpu = baseline ? (1 / ratio(name, baseline, "computed")).toFixed(2) : "";
    console.log(
      `| ${name} | ${Math.round(of(name, "throughput"))} | ${of(name, "p50").toFixed(1)} | ${of(name, "p99").toFixed(1)} | ${Math.round(of(name, "computed"))} | ${share} | ${reach?.toFixed(2) ?? ""} | ${byCpu} |`,
    );
  }
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
  const duration = { url, connections: lanes, duration: 1 };
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

/** What is no row of the table: memory, starts, compiling, the bundle. */
async function reportRest(servers: Servers, apis: Apis): Promise<void> {
  const grown = await growth(servers, apis.httpProxyLarge);
  const { first, listening } = await firstRequests(servers, apis.awsProxy);
  console.log(`\nFirst PetStore request after a restart: ${median(first).toFixed(0)} ms (reach: under 50)`);
  console.log(`Growth of memory over ten seconds of 1 MB bodies: ${(grown / 1_048_576).toFixed(0)} MB`);
  console.log(`Compiling 300 templates of 30 lines: ${compileTime().toFixed(0)} ms (reach: under 30)`);
  console.log(`From the start of workerd until it listens: ${median(listening).toFixed(0)} ms`);
  console.log(
    `Bundle: ${(gzipSync(readFileSync(bundlePath)).byteLength / 1024).toFixed(0)} KiB compressed (reach: under 1024)`,
  );
}

const servers = await startServers();
try {
  console.error("Deploying the APIs …");
  const apis = await deployApis(servers);
  const webSocketApi = await deployWebSocketApi(servers);
  const cases = [...httpCases(servers, apis), ...webSocketCases(servers, webSocketApi)].filter(
    ({ name, baseline }) => `${name} ${baseline}`.includes(only),
  );
  for (const one of cases) await one.measure({ seconds: 1, computed: servers.computed });
  const results = new Map<string, Measurement[]>(cases.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    console.error(`Round ${round} of ${rounds} …`);
    for (const one of cases)
      results.get(one.name)?.push(await one.measure({ seconds, computed: servers.computed }));
  }
  console.log(
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model}, ${process.platform}; load ${loadavg()[0]?.toFixed(1)}`,
  );
  console.log(`${lanes} connections, ${rounds} interleaved rounds of ${seconds} s each; medians\n`);
  report(cases, results);
  if ("WebSocket: idle connections".includes(only)) {
    console.error("Idle connections …");
    const { bare, gateway } = await idleConnections(servers, webSocketApi, Math.min(rounds, 3));
    console.log(
      `\nAn idle WebSocket connection, of ${mostOpen()}: ${(gateway / 1000).toFixed(1)} KB, in bare objects ${(bare / 1000).toFixed(1)} KB: ${(gateway / bare).toFixed(2)} of it (reach: at most 1.25)`,
    );
  }
  if (only === "") await reportRest(servers, apis);
} finally {
  await servers.stop();
}
