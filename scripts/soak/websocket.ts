/**
 * `npm run soak -- websocket`: clients of a WebSocket API, two thirds of them healthy, the others misbehaving at random,
 * before a backend that fails at times; then whether the healthy ones have had all that they were owed, whether each
 * connection has ended once, and what is left: nothing. Ends with 1 otherwise.
 * Settings: SOAK_SECONDS (600), SOAK_CLIENTS (200).
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { apiGatewayV2Client } from "../../test/clients/clients.ts";
import { TestWebSocketApi } from "../../test/clients/websocket-api.ts";
import { startGateway } from "../../test/gateway.ts";
import { startPosting } from "./connection-posts.ts";
import { EventBackend, randomOf } from "./event-backend.ts";
import { type Endings, idleTimeout, misbehave } from "./failing-clients.ts";
import { HealthyClient } from "./healthy-client.ts";
import { usageOf } from "./process-usage.ts";

const seconds = Number(process.env.SOAK_SECONDS ?? 600);
const clients = Number(process.env.SOAK_CLIENTS ?? 200);
const failingClients = Math.round(clients / 3);
/** Seconds between two looks at the process, and to the one with which its memory at the end is compared. */
const progressEvery = 10;
const warmUp = 60;
/** Milliseconds for the last events and for connections that are kept to be closed. */
const settling = 45_000;
/** Bytes by which the gateway may grow after it has warmed up. */
const mostGrowth = 64 * 1_048_576;

const backend = await EventBackend.start();
const gateway = await startGateway({ env: { WEBSOCKET_IDLE_TIMEOUT: String(idleTimeout) } });
const ports = { gateway: Number(new URL(gateway.origin).port), backend: backend.port };
const pids = (): number[] => JSON.parse(readFileSync(join(gateway.stateDir, "holder.json"), "utf8")).workerd;
const [pid] = pids() as [number];

const usage = () => usageOf(pid, ports);
const megabytes = (bytes: number) => `${(bytes / 1_048_576).toFixed(0)} MB`;
const print = (...cells: (string | number)[]) => console.log(`| ${cells.join(" | ")} |`);

async function until(holds: () => boolean): Promise<boolean> {
  const deadline = Date.now() + settling;
  while (!holds()) {
    if (Date.now() > deadline) return false;
    await sleep(250);
  }
  return true;
}

const healthy: HealthyClient[] = [];
const sum = (count: (client: HealthyClient) => number) =>
  healthy.reduce((total, client) => total + count(client), 0);

/** Connections of misbehaving clients that may be open, or have been not long ago: they are posted to as well. */
const doubtful: string[] = [];
const mostDoubtful = 50;
const postOutcomes = new Map<string, number>();

let posts: ReturnType<typeof startPosting> | undefined;
try {
  const management = apiGatewayV2Client(gateway.origin);
  const api = await TestWebSocketApi.create(management);
  for (const key of ["$connect", "$disconnect"]) await api.route(key, backend.route);
  await api.route("$default", { ...backend.route, isTwoWay: true });
  await api.deploy();
  management.destroy();
  const stage = api.url(gateway.origin);
  const urlOf = (client: string, fault = "none") =>
    `${stage}?client=${client}&fault=${encodeURIComponent(fault)}`;
  posts = startPosting(stage.replace(/^ws/, "http"));
  const { post } = posts;
  await until(() => usage().fromClients + usage().toBackend === 0);
  const started = usage();

  const begun = performance.now();
  const elapsed = () => (performance.now() - begun) / 1000;
  const over = AbortSignal.timeout(seconds * 1000);
  const endings: Endings = new Map();
  print("seconds", "open", "ended", "echoed", "failed", "posted", "descriptors", "gateway");
  print("---", "---", "---", "---", "---", "---", "---", "---");
  const row = ({ descriptors, memory }: typeof started) => {
    const { opened, ended } = backend.totals;
    const counts = [(client: HealthyClient) => client.echoed, (client: HealthyClient) => client.failed];
    const [echoed, failed] = counts.map(sum) as [number, number];
    const posted = sum((client) => client.posted);
    print(
      Math.round(elapsed()),
      opened - ended,
      ended,
      echoed,
      failed,
      posted,
      descriptors,
      megabytes(memory),
    );
  };
  row(started);

  const runHealthy = async (number: number) => {
    const name = `healthy-${number}`;
    await sleep((number / clients) * 5_000);
    const client = await HealthyClient.open(urlOf(name), name);
    healthy.push(client);
    const id = backend.idOf.get(name) as string;
    await client.run(post, id, over);
  };
  const runFailing = (number: number) =>
    misbehave(urlOf, endings, {
      signal: over,
      name: `failing-${number}`,
      onOpen(client) {
        doubtful.push(backend.idOf.get(client) as string);
        if (doubtful.length > mostDoubtful) doubtful.shift();
      },
    });
  const postToDoubtful = async () => {
    while (!over.aborted) {
      await sleep(50);
      if (doubtful.length === 0) continue;
      const outcome = await post(randomOf(doubtful), "posted");
      postOutcomes.set(outcome, (postOutcomes.get(outcome) ?? 0) + 1);
    }
  };
  const all = Promise.all([
    ...Array.from({ length: clients - failingClients }, (_, number) => runHealthy(number)),
    ...Array.from({ length: failingClients }, (_, number) => runFailing(number)),
    postToDoubtful(),
  ]);
  let warm: number | undefined;
  let isRunning = true;
  const watch = async () => {
    while (isRunning) {
      await Promise.race([sleep(progressEvery * 1000), all]);
      const now = usage();
      if (elapsed() >= warmUp) warm ??= now.memory;
      row(now);
    }
  };
  const watching = watch();
  await all.finally(() => {
    isRunning = false;
  });
  await watching;

  posts.stop();
  await until(() => backend.totals.ended >= backend.totals.opened);
  await until(() => usage().fromClients + usage().toBackend === 0);
  // The files of objects are open until they have been idle for some ten seconds, or for longer after an alarm. What
  // would come twice has come by then.
  await sleep(5_000);
  await until(() => usage().descriptors <= started.descriptors);
  const ended = usage();
  console.log("\nSettled:");
  row(ended);

  console.log("");
  print("misbehaving client", "connections", "ended with");
  print("---", "---", "---");
  for (const [way, counts] of Array.from(endings).sort()) {
    const total = Array.from(counts.values()).reduce((one, other) => one + other, 0);
    const each = Array.from(counts).sort((one, other) => other[1] - one[1]);
    print(way, total, each.map(([ending, count]) => `${ending} (${count})`).join(", "));
  }

  const accounts = Array.from(backend.accounts);
  const wrong = accounts.filter(
    ([, { wasRefused, connects, disconnects }]) => connects !== 1 || disconnects !== (wasRefused ? 0 : 1),
  );
  const outOfOrder = accounts.filter(([, account]) => account.outOfOrder > 0);
  const faults = healthy.flatMap((client) => client.faults);
  const badPosts = Array.from(postOutcomes).filter(([outcome]) => !["200", "410", "429"].includes(outcome));
  const growth = warm === undefined ? 0 : ended.memory - warm;
  // Of a client that breaks the protocol, the runtime writes a line itself.
  const unforeseen = (gateway.output().match(/^.*(?:Uncaught|Error:).*$/gm) ?? []).filter(
    (line) => !line.includes("WebSocket protocol error"),
  );
  const checks: [name: string, isGood: boolean, found: string][] = [
    [
      "healthy clients have had every answer and every post, in order",
      faults.length === 0 && healthy.length === clients - failingClients,
      `${sum(({ sent }) => sent)} messages, ${sum(({ posted }) => posted)} posts`,
    ],
    ["their messages came to the backend in order, none missing", outOfOrder.length === 0, ""],
    [
      "every $connect that succeeded has had one $disconnect, the others none",
      wrong.length === 0,
      `${backend.totals.opened} connections, ${accounts.length - backend.totals.opened} refused`,
    ],
    [
      "posts to failing clients were taken, refused or too late",
      badPosts.length === 0,
      Array.from(postOutcomes, ([outcome, count]) => `${outcome} (${count})`).join(", "),
    ],
    ["memory has an end", growth <= mostGrowth, `${megabytes(growth)} since the first minute`],
    [
      "no connection is left",
      ended.fromClients + ended.toBackend === 0,
      `${ended.fromClients} from clients, ${ended.toBackend} to the backend`,
    ],
    [
      "no other descriptor is left",
      ended.descriptors <= started.descriptors,
      `${ended.descriptors}, ${started.descriptors} at the start`,
    ],
    ["the gateway was not restarted", pids()[0] === pid, ""],
    [
      "the gateway wrote of no error that it did not foresee",
      unforeseen.length === 0,
      `${unforeseen.length}`,
    ],
  ];
  console.log(`\n${clients} clients for ${seconds} seconds, ${failingClients} of them misbehaving.`);
  for (const [name, isGood, found] of checks) {
    console.log(`${isGood ? "✓" : "✗"} ${name}${found === "" ? "" : `: ${found}`}`);
  }
  for (const fault of faults.slice(0, 20)) console.log(`  ${fault}`);
  for (const [id, account] of [...wrong, ...outOfOrder].slice(0, 20)) {
    console.log(`  ${id}: ${JSON.stringify(account)}`);
  }
  for (const line of new Set(unforeseen.slice(0, 20))) console.log(`  ${line}`);
  if (checks.some(([, isGood]) => !isGood)) process.exitCode = 1;
} finally {
  posts?.stop();
  await gateway.stop();
  await backend.stop();
}
