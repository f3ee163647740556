/** `/_sallyport/metrics`: the counters in Prometheus' text format. */
import type { Env } from "../settings.ts";
import { type CounterName, counterObject, counters } from "./counters.ts";

/** @returns the page; a counter that has counted nothing is described and has no series */
export async function metricsPage(env: Env): Promise<Response> {
  const all = await counterObject(env).all();
  const text = (Object.keys(counters) as CounterName[])
    .map((name) => {
      const lines = all
        .filter(({ series }) => series.startsWith(`${name}{`))
        .map(({ series, value }) => `${series} ${value}\n`);
      return `# HELP ${name} ${counters[name]}\n# TYPE ${name} counter\n${lines.join("")}`;
    })
    .join("");
  return new Response(text, { headers: { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" } });
}
