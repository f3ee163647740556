/**
 * `npm run soak`: thousands of calls whose backends fail in every known way, and some whose clients leave, through one
 * gateway; then what may be left of them: nothing. Ends with 1 when something is.
 * Settings: SOAK_CALLS (10,000), SOAK_CONCURRENCY (32).
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { credentials, startGateway } from "../../test/gateway.ts";
import { deployFaultyApi, type Kind, kinds, settingsFor } from "./faulty-api.ts";
import { faultNames, startFaultyBackend } from "./faulty-backend.ts";
import { createFaultyFunctions } from "./faulty-functions.ts";
import {
  backendTimeouts,
  expectedOf,
  functionOutcomes,
  functionTimeouts,
  type Outcome,
  outcomeOf,
  timedOut,
} from "./outcomes.ts";
import { memoryOf, usageOf } from "./process-usage.ts";

const calls = Number(process.env.SOAK_CALLS ?? 10_000);
const concurrency = Number(process.env.SOAK_CONCURRENCY ?? 32);
/** Calls between two looks at the processes. */
const roundLength = 1_000;
/** Of so many calls the client of one leaves, within so many milliseconds. */
const leaveEvery = 20;
const leaveWithin = 60;
/** Milliseconds: longer than a call may take, the 29 seconds of an integration's timeout and some more. */
const patience = 60_000;
/** Milliseconds for connections that are kept to be closed, by workerd and by the clients: both take some 5 seconds. */
const settling = 30_000;
/** Bytes by which the gateway may grow from the second round to the last, when there are three or more. */
const mostGrowth = 64 * 1_048_576;

interface Call {
  kind: string;
  fault: string;
  url: string;
  allowed: Outcome[];
}

type UrlOf = Awaited<ReturnType<typeof deployFaultyApi>>;

const functionKinds = ["Lambda, AWS_PROXY", "Lambda, AWS"] as const satisfies Kind[];

/** A call that is to time out may do so before it has got as far as it should. */
const allowed = (outcome: Outcome, timeout: number): Outcome[] =>
  timeout < 1_000 ? [outcome, timedOut] : [outcome];

const callsOf = (backends: UrlOf, functions: UrlOf): Call[] => [
  ...kinds.flatMap((kind) =>
    faultNames.map((fault) => ({
      kind,
      fault,
      url: backends(kind, fault),
      allowed: allowed(expectedOf(kind, fault), backendTimeouts[fault] as number),
    })),
  ),
  ...Object.entries(functionOutcomes).flatMap(([fault, outcomes]) =>
    functionKinds.map((kind, index) => ({
      kind: "stored function",
      fault: `${fault} (${kind})`,
      url: functions(kind, fault),
      allowed: allowed(outcomes[index] as Outcome, functionTimeouts[fault] as number),
    })),
  ),
];

const isAllowed = ({ allowed }: Call, outcome: string): boolean =>
  allowed.some((one) => (typeof one === "string" ? one === outcome : one.test(outcome)));

/** Outcomes that are not allowed, by call, with how often each came. */
const failures = new Map<string, number>();
let left = 0;

async function make(call: Call, index: number): Promise<void> {
  const leaves = index % leaveEvery === 0;
  const signal = AbortSignal.timeout(leaves ? (index * 7) % leaveWithin : patience);
  const outcome = await outcomeOf(call.url, call.fault, signal).catch((error) => {
    if (leaves && signal.aborted) return "left";
    return `no answer: ${error} ${error.cause ?? ""}`;
  });
  if (outcome === "left") left++;
  else if (!isAllowed(call, outcome)) {
    const failure = `${call.kind}, ${call.fault}: ${outcome.slice(0, 200)}`;
    failures.set(failure, (failures.get(failure) ?? 0) + 1);
  }
}

/** Steps through all combinations in an order in which neighbours have little in common. */
const stride = 101;

async function makeRound(all: Call[], from: number, to: number): Promise<void> {
  let next = from;
  const workers = Array.from({ length: concurrency }, async () => {
    while (next < to) {
      const index = next++;
      await make(all[(index * stride) % all.length] as Call, index);
    }
  });
  await Promise.all(workers);
}

const backend = await startFaultyBackend();
const gateway = await startGateway({ env: settingsFor(backend.origin) });
const { origin } = gateway;
const ports = { gateway: Number(new URL(origin).port), backend: Number(new URL(backend.origin).port) };
const [gatewayPid, firstHostPid] = workerds();

/** Process ids of the gateway and of its function host. */
function workerds(): [gateway: number, host: number] {
  return JSON.parse(readFileSync(join(gateway.stateDir, "holder.json"), "utf8")).workerd;
}

const usage = () => usageOf(gatewayPid, ports);
const megabytes = (bytes: number) => `${(bytes / 1_048_576).toFixed(0)} MB`;
const print = (...cells: (string | number)[]) => console.log(`| ${cells.join(" | ")} |`);

type Usage = ReturnType<typeof usage>;

/** Waits for connections to be closed, as far as they will be. */
async function settled(until: (now: Usage) => boolean): Promise<Usage> {
  const deadline = Date.now() + settling;
  for (;;) {
    const now = usage();
    if (until(now) || Date.now() > deadline) return now;
    await sleep(500);
  }
}

try {
  console.error("Deploying the APIs …");
  const options = { gateway: origin, credentials };
  const backends = await deployFaultyApi({
    ...options,
    origin: backend.origin,
    kinds,
    timeouts: backendTimeouts,
  });
  await createFaultyFunctions(origin, credentials);
  const functions = await deployFaultyApi({
    ...options,
    origin: backend.origin,
    kinds: functionKinds,
    timeouts: functionTimeouts,
  });
  const all = callsOf(backends, functions);
  const started = await settled(({ toBackend, fromClients }) => toBackend + fromClients === 0);

  print("calls", "to the backend", "from clients", "descriptors", "gateway", "function host");
  print("---", "---", "---", "---", "---", "---");
  const row = (made: number, { toBackend, fromClients, descriptors, memory }: Usage) =>
    print(made, toBackend, fromClients, descriptors, megabytes(memory), megabytes(memoryOf(workerds()[1])));
  row(0, started);
  const memory: number[] = [];
  for (let made = 0; made < calls; ) {
    const to = Math.min(made + roundLength, calls);
    await makeRound(all, made, to);
    made = to;
    const now = usage();
    memory.push(now.memory);
    row(made, now);
  }
  // Channels to functions, and files of objects, are open until nobody has used them for some ten seconds.
  const ended = await settled(
    ({ toBackend, fromClients, descriptors }) =>
      toBackend + fromClients <= started.toBackend + started.fromClients &&
      descriptors <= started.descriptors,
  );
  console.log("\nSettled:");
  row(calls, ended);

  for (const kind of kinds) {
    const signal = AbortSignal.timeout(patience);
    const outcome = await outcomeOf(backends(kind, "healthy"), "healthy", signal);
    const wanted = expectedOf(kind, "healthy");
    if (outcome !== wanted) failures.set(`${kind}, afterwards: ${outcome}`, 1);
  }

  const growth = memory.length < 3 ? 0 : (memory.at(-1) as number) - (memory[1] as number);
  const unforeseen = gateway.output().match(/^.*(?:Uncaught|Error:).*$/gm) ?? [];
  const checks: [name: string, isGood: boolean, found: string][] = [
    ["every call had an outcome of the table, and so have healthy ones afterwards", failures.size === 0, ""],
    ["no connection to the backend is left", ended.toBackend <= started.toBackend, `${ended.toBackend}`],
    ["no connection from a client is left", ended.fromClients <= started.fromClients, `${ended.fromClients}`],
    [
      "no other descriptor is left",
      ended.descriptors <= started.descriptors,
      `${ended.descriptors}, ${started.descriptors} at the start`,
    ],
    ["memory has an end", growth <= mostGrowth, `${megabytes(growth)} from the second round to the last`],
    ["the function host was not restarted", workerds()[1] === firstHostPid, ""],
    [
      "the gateway wrote of no error that it did not foresee",
      unforeseen.length === 0,
      `${unforeseen.length}`,
    ],
  ];
  console.log(
    `\n${calls} calls, ${all.length} combinations of backend and fault; of ${left} the client left.`,
  );
  for (const [name, isGood, found] of checks) {
    console.log(`${isGood ? "✓" : "✗"} ${name}${found === "" ? "" : `: ${found}`}`);
  }
  for (const [failure, times] of failures) console.log(`  ${times} × ${failure}`);
  for (const line of new Set(unforeseen.slice(0, 20))) console.log(`  ${line}`);
  if (checks.some(([, isGood]) => !isGood)) process.exitCode = 1;
} finally {
  await gateway.stop();
  backend.stop();
}
