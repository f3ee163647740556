/**
 * `npm run conformance`: the cases of the Autobahn test-suite, groups 1 to 7, 12 and 13, and some more, against an echo
 * route of a gateway that it starts. Ends with 1 when a case fails that is not in the list of known deviations.
 * Settings: CONFORMANCE_TARGET (`gateway`), `bare` for a worker on the same runtime that echoes and does no more, or the
 * `ws:` or `wss:` address of any server that sends back what it is sent; CONFORMANCE_ONLY (beginnings of case numbers,
 * separated by commas: `6.3,7.`); CONFORMANCE_MESSAGES (10) of each case of compression.
 */
import { beyondAutobahn } from "./beyond-autobahn.ts";
import { closes } from "./close.ts";
import { compressedContents, compressionParameters } from "./compression.ts";
import { deviations } from "./deviations.ts";
import { fragmentation } from "./fragmentation.ts";
import { framing } from "./framing.ts";
import { pings } from "./pings.ts";
import {
  type Group,
  isConformant,
  type Outcome,
  printDeviations,
  printGroup,
  printSummary,
} from "./report.ts";
import { reservedBits, reservedOpcodes } from "./reserved.ts";
import { runCase } from "./run-case.ts";
import { startTarget } from "./target.ts";
import { utf8 } from "./utf8.ts";

const asked = process.env.CONFORMANCE_TARGET ?? "gateway";
const only = (process.env.CONFORMANCE_ONLY ?? "").split(",");
/** Cases under way at once: most of them wait. */
const lanes = 12;

const groups: Group[] = [
  { name: "1 Framing", cases: framing },
  { name: "2 Pings and pongs", cases: pings },
  { name: "3 Reserved bits", cases: reservedBits },
  { name: "4 Opcodes", cases: reservedOpcodes },
  { name: "5 Fragmentation", cases: fragmentation },
  { name: "6 UTF-8", cases: utf8 },
  { name: "7 Closing", cases: closes },
  { name: "12 Compression, contents", cases: compressedContents },
  { name: "13 Compression, parameters", cases: compressionParameters },
  { name: "S Beyond Autobahn", cases: beyondAutobahn },
].map(({ name, cases }) => ({
  name,
  cases: cases.filter(({ number }) => only.some((beginning) => number.startsWith(beginning))),
}));

/** Of any other server nothing is known: it may be a gateway. */
const known = deviations.filter(
  ({ whose }) =>
    whose === "workerd" || (asked === "bare" ? whose === "the bare worker" : whose === "API Gateway"),
);

const target = await startTarget(asked);
try {
  const waiting = groups.flatMap(({ cases }) => cases);
  const outcomes = new Map<string, Outcome>();
  const work = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      const result = await runCase(target.url, one);
      const deviation = isConformant(result) ? undefined : known.find(({ covers }) => covers(one, result));
      outcomes.set(one.number, { one, result, ...(deviation ? { deviation } : {}) });
    }
  };
  await Promise.all(Array.from({ length: lanes }, work));
  const judged = groups
    .filter(({ cases }) => cases.length > 0)
    .map((group): [Group, Outcome[]] => [
      group,
      group.cases.map(({ number }) => outcomes.get(number) as Outcome),
    ]);
  for (const [group, of] of judged) printGroup(group, of);
  const all = judged.flatMap(([, of]) => of);
  console.log(`\n${all.length} cases against ${target.name}, ${new Date().toISOString().slice(0, 10)}`);
  printSummary(judged);
  printDeviations(known, all);
  const unknown = all.filter(({ result, deviation }) => !isConformant(result) && !deviation);
  for (const { one, result } of unknown) {
    console.log(`\n✗ ${one.number} ${one.title}: ${result.behaviour}, ${result.closing}: ${result.happened}`);
  }
  if (unknown.length > 0) process.exitCode = 1;
} finally {
  await target.stop();
}
