/**
 * Compares the evaluator of mapping templates, and the npm package velocityjs, with the real Apache Velocity 1.7.
 * `npm run velocity` compares; `npm run velocity -- --seeds 4-20` takes other generated templates, 1,000 a seed;
 * `npm run velocity -- --write` keeps what Velocity prints for `npm test`. It needs Java 17 and Debian's packages
 * velocity, libjsonpath-java and libjson-smart-java.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { render as renderWithVelocityjs } from "velocityjs";
import { type Case, generate } from "../../test/invoke/mapping/differential/generate.ts";
import { handWritten } from "../../test/invoke/mapping/differential/hand-written.ts";
import { render } from "../../test/invoke/mapping/differential/render.ts";
import { UserError } from "../user-error.ts";

const jars = [
  "velocity",
  "commons-collections3",
  "commons-lang",
  "json-path",
  "json-smart",
  "accessors-smart",
  "asm",
  "slf4j-api",
  "slf4j-nop",
].map((name) => `/usr/share/java/${name}.jar`);
const perSeed = 1000;

/** What Velocity prints with the address of an object in it is another text each time. */
const isArbitrary = (output: string | null): boolean => output !== null && /\[[LBC](?:java|@)/.test(output);

/** @returns by the case's id; null where it failed */
function renderWithVelocity(cases: Case[]): Record<string, string | null> {
  const classPath = jars.filter((jar) => existsSync(jar)).join(":");
  const engine = new URL("Engine.java", import.meta.url).pathname;
  const { status, stdout, stderr, error } = spawnSync(
    "java",
    [
      "-Duser.language=en",
      "-Duser.country=US",
      "-Dfile.encoding=UTF-8",
      "-cp",
      classPath,
      engine,
      "--facts",
      "all",
    ],
    { input: cases.map((one) => JSON.stringify(one)).join("\n"), maxBuffer: 2 ** 30, encoding: "utf8" },
  );
  if (error || status !== 0) throw new UserError(`Velocity does not run: ${error?.message ?? stderr}`);
  const rows = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { id: string; out?: string });
  return Object.fromEntries(rows.map(({ id, out }) => [id, out ?? null]));
}

/** With the same variables, as plain data and functions; null where it fails. */
function velocityjs({ template, body, params, stageVariables, context }: Case): string | null {
  const document = () => JSON.parse(body || "{}");
  const read = (path: string) =>
    path
      .split(/[.[\]]/)
      .filter((step) => step !== "" && step !== "$")
      .reduce((value, step) => value?.[step.replaceAll("'", "")], document());
  const input = {
    body: body || "{}",
    json: (path: string) => JSON.stringify(read(path) ?? ""),
    path: read,
    params: (name?: string) =>
      name === undefined ? params : (params.path[name] ?? params.querystring[name] ?? params.header[name]),
  };
  try {
    // It adds members of its own.
    return renderWithVelocityjs(template, { input, stageVariables, context: structuredClone(context) });
  } catch {
    return null;
  }
}

const { values } = parseArgs({
  options: { seeds: { type: "string", default: "1-3" }, write: { type: "boolean", default: false } },
});
const [first = 1, last = first] = values.seeds.split("-").map(Number);
const suites: [name: string, cases: Case[]][] = [["hand-written", handWritten]];
for (let seed = first; seed <= last; seed++) suites.push([`seed-${seed}`, generate(seed, perSeed)]);

let different = 0;
for (const [name, cases] of suites) {
  const expected = renderWithVelocity(cases);
  const comparable = cases.filter(({ id }) => !isArbitrary(expected[id] ?? null));
  const wrong = comparable.filter((one) => render(one) !== expected[one.id]);
  different += wrong.length;
  for (const one of wrong) {
    console.log(`\n${one.id}: ${JSON.stringify(one.template)}`);
    console.log(
      `  Velocity   ${JSON.stringify(expected[one.id])}\n  Sallyport  ${JSON.stringify(render(one))}`,
    );
  }
  const others = comparable.filter((one) => velocityjs(one) === expected[one.id]).length;
  console.log(
    `${name}: ${comparable.length - wrong.length} of ${comparable.length} print the same (velocityjs: ${others})`,
  );
  if (values.write) {
    const folder = new URL("../../test/invoke/mapping/differential/golden/", import.meta.url).pathname;
    mkdirSync(folder, { recursive: true });
    const kept = Object.fromEntries(comparable.map(({ id }) => [id, expected[id] ?? null]));
    writeFileSync(`${folder}${name}.json`, `${JSON.stringify(kept, undefined, 0)}\n`);
  }
}
process.exitCode = different === 0 ? 0 : 1;
