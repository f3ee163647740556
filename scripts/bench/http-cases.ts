/** Methods of REST APIs, each against its bare worker. */
import autocannon from "autocannon";
import type { Apis } from "./apis.ts";
import { type Case, lanes, type Measurement, type Run } from "./measurement.ts";
import { order } from "./orders.ts";
import type { Servers } from "./servers.ts";

interface Requests {
  url: string;
  headers?: Record<string, string>;
  /** JSON that is posted; GET without any. */
  body?: string;
}

/** @throws Error when an answer is no 2xx */
export async function measureRequests(options: autocannon.Options, run: Run): Promise<Measurement> {
  const before = run.computed();
  const { requests, latency, non2xx, errors, ...result } = await autocannon({
    ...options,
    connections: lanes,
    duration: run.seconds,
  });
  const computed = run.computed() - before;
  if (non2xx > 0 || errors > 0) {
    throw new Error(`${options.url}: ${non2xx} answers other than 2xx, ${errors} errors`);
  }
  return {
    operations: result["2xx"],
    throughput: requests.average,
    p50: latency.p50,
    p99: latency.p99,
    computed: computed / result["2xx"],
  };
}

const optionsOf = ({ url, headers, body }: Requests): autocannon.Options => ({
  url,
  ...(headers ? { headers } : {}),
  ...(body === undefined ? {} : { method: "POST", body, headers: { "content-type": "application/json" } }),
});

const httpCase = (
  name: string,
  requests: Requests,
  compared: Pick<Case, "baseline" | "reach"> = {},
): Case => ({ name, ...compared, measure: (run) => measureRequests(optionsOf(requests), run) });

export function httpCases({ bare }: Servers, apis: Apis): Case[] {
  const fetchOf1Mb = "bare worker, fetch of 1 MB";
  const json = "bare worker, reads and writes 2 KB of JSON";
  return [
    httpCase("bare worker, static answer", { url: `${bare}/static` }),
    httpCase("MOCK method", { url: apis.mock }, { baseline: "bare worker, static answer", reach: 0.7 }),
    httpCase(
      "MOCK method, 3,000 resources",
      { url: apis.mockOf3000 },
      { baseline: "MOCK method", reach: 0.95 },
    ),
    httpCase("bare worker, fetch", { url: `${bare}/proxy` }),
    httpCase("HTTP_PROXY method", { url: apis.httpProxy }, { baseline: "bare worker, fetch", reach: 0.85 }),
    httpCase(
      "HTTP_PROXY method with key, throttle and quota",
      { url: apis.httpProxyMetered, headers: { "x-api-key": apis.apiKey } },
      { baseline: "HTTP_PROXY method", reach: 0.9 },
    ),
    httpCase("AWS_PROXY method (PetStore)", { url: apis.awsProxy }, { baseline: "bare worker, fetch" }),
    httpCase("bare worker, calls a loaded worker", { url: `${bare}/function` }),
    httpCase(
      "AWS_PROXY method, stored function",
      { url: apis.storedFunction },
      { baseline: "bare worker, calls a loaded worker", reach: 0.75 },
    ),
    httpCase(fetchOf1Mb, { url: `${bare}/large` }),
    httpCase("HTTP_PROXY method, 1 MB", { url: apis.httpProxyLarge }, { baseline: fetchOf1Mb, reach: 0.9 }),
    httpCase(json, { url: `${bare}/json`, body: order }),
    httpCase(
      "template of 30 lines over the same JSON",
      { url: apis.template, body: order },
      { baseline: json, reach: 0.7 },
    ),
    httpCase(
      "validation of it against a model of 20 properties",
      { url: apis.validation, body: order },
      { baseline: json, reach: 0.7 },
    ),
  ];
}
