/** Tables of what came of cases: one a group, then a line for each group, then what deviates. */
import type { Case } from "./cases.ts";
import type { Deviation } from "./deviations.ts";
import type { Behaviour, Result } from "./run-case.ts";

export interface Group {
  name: string;
  cases: readonly Case[];
}

export interface Outcome {
  one: Case;
  result: Result;
  /** Why it is as it is, when it is not as Autobahn expects. */
  deviation?: Deviation;
}

/** Whether all is as Autobahn expects, or better left open. */
export const isConformant = ({ behaviour, closing }: Result): boolean =>
  behaviour !== "FAILED" && (closing === "OK" || closing === "INFORMATIONAL");

const row = (...cells: (string | number)[]) => console.log(`| ${cells.join(" | ")} |`);
const heading = (...cells: string[]) => {
  row(...cells);
  row(...cells.map(() => "---"));
};

export function printGroup(group: Group, outcomes: readonly Outcome[]): void {
  console.log(`\n${group.name}\n`);
  heading("case", "the client sends", "RFC 6455, unless named", "behaviour", "close", "what happened");
  for (const { one, result } of outcomes) {
    const isPlain = result.behaviour === "OK" && result.closing === "OK";
    const happened = isPlain ? "" : result.happened.replaceAll("|", "\\|");
    row(one.number, one.title, one.section, result.behaviour, result.closing, happened);
  }
}

export function printSummary(groups: readonly [Group, readonly Outcome[]][]): void {
  console.log("");
  heading(
    "group",
    "cases",
    "OK",
    "NON-STRICT",
    "INFORMATIONAL",
    "FAILED",
    "closes not OK",
    "not known before",
  );
  for (const [{ name }, outcomes] of groups) {
    const count = (holds: (outcome: Outcome) => boolean) => outcomes.filter(holds).length;
    const having = (behaviour: Behaviour) => count(({ result }) => result.behaviour === behaviour);
    row(
      name,
      outcomes.length,
      having("OK"),
      having("NON-STRICT"),
      having("INFORMATIONAL") + having("UNIMPLEMENTED"),
      having("FAILED"),
      count(({ result: { closing } }) => closing !== "OK" && closing !== "INFORMATIONAL"),
      count(({ result, deviation }) => !isConformant(result) && !deviation),
    );
  }
}

/** @param deviations in the order of the list */
export function printDeviations(deviations: readonly Deviation[], outcomes: readonly Outcome[]): void {
  const counts = deviations
    .map((deviation) => ({
      ...deviation,
      count: outcomes.filter((outcome) => outcome.deviation === deviation).length,
    }))
    .filter(({ count }) => count > 0);
  if (counts.length === 0) return;
  console.log("");
  heading("known deviation of", "", "cases");
  for (const { whose, reason, count } of counts) row(whose, reason, count);
}
